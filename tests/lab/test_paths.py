"""What a lab says about itself, and who owns it."""

from pathlib import Path

import pytest

from inventory.errors import LabError
from lab.claim import claim, owned
from lab.paths import LabPaths, NodeStatus, Phase, Status, read_status, write_status
from tests.slots import lab_name


@pytest.mark.parametrize("name", ["", "Pila", "a-b", "toolongname", "../x", "a\n"])
def test_a_name_that_cannot_be_part_of_a_namespace_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(LabError, match="1 to 8"):
        LabPaths.of(name, tmp_path)


def test_a_status_is_read_as_it_was_written(tmp_path: Path) -> None:
    paths = LabPaths.of("a", tmp_path)
    paths.folder.mkdir(parents=True)
    node = NodeStatus("gw-k", "gateway", "fosa-a-gw-k", "k", "", ("10.64.0.1",), 17)
    status = Status("a", Phase.READY, 42, "up", str(paths.office), "adm-k", (node,))
    write_status(paths, status)
    assert read_status(paths) == status
    assert status.node("gw-k") is node
    with pytest.raises(LabError, match="gw-k"):
        status.node("gw-x")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "a"}', '{"nodes": [1], "phase": "ready"}'])
def test_a_status_nobody_can_read_is_none(text: str, tmp_path: Path) -> None:
    paths = LabPaths.of("a", tmp_path)
    paths.folder.mkdir(parents=True)
    paths.status.write_text(text)
    assert read_status(paths) is None


def test_a_lab_has_one_owner_at_a_time(tmp_path: Path) -> None:
    paths = LabPaths.of(lab_name("owner"), tmp_path)
    first = claim(paths)
    assert first is not None
    assert owned(paths)
    assert claim(paths) is None
    first.release()
    assert not owned(paths)
    second = claim(paths)
    assert second is not None
    second.release()


def test_a_name_is_taken_on_the_whole_machine(tmp_path: Path) -> None:
    here, there = (LabPaths.of(lab_name("owner"), tmp_path / where) for where in ("here", "there"))
    first = claim(here)
    assert first is not None
    with pytest.raises(LabError, match="another state folder"):
        claim(there)
    assert not owned(there)
    first.release()
