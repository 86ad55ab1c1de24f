"""The commands through a desk that is really served: what a person sees, and what stands in the audit."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import run
from api.cli.exits import Exit
from api.dayzero.handlers import handlers
from api.people.model import Role
from tests.api.archive.offices import Standing, standing
from tests.api.desk.desks import Doors, Served, desk

Captured = pytest.CaptureFixture[str]
PILA = Path(__file__).parents[3] / "inventory/examples/pila"


@pytest.fixture
def there(tmp_path: Path) -> Standing:
    return standing(tmp_path)


@pytest.fixture
def served(there: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Whoever runs the tests is ewa, and may do everything."""
    (tmp_path / "desk").mkdir()
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    doors = Doors(uids={os.getuid(): "ewa"}, roles=frozenset({Role.ADMIN}))
    with desk(tmp_path / "desk", handlers(there.context), doors) as made:
        yield made


def test_adopting_says_what_is_wrong_and_what_differs(there: Standing, served: Served, capsys: Captured) -> None:
    there.type_in("gw-b")
    assert run(["adopt", "gw-b", "--why", "as it came"]) == Exit.DONE
    out = capsys.readouterr().out
    assert "is approved" in out
    assert "file /etc/nftables.conf: 1 line differs" in out
    assert "-# typed by hand" in out
    assert "not decided" in out
    assert run(["adopt", "gw-b", "--summary"]) == Exit.DONE
    again = capsys.readouterr().out
    assert "is approved already" in again
    assert "typed by hand" not in again
    assert there.deeds() == ["ewa device.adopt device gw-b"] * 2


def test_adopting_as_json_is_one_object(served: Served, capsys: Captured) -> None:
    assert run(["adopt", "gw-c", "--json"]) == Exit.DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["revision"]["device"], told["revision"]["origin"]["who"], told["already"]) == ("gw-c", "ewa", False)


def test_who_may_not_is_told_so_and_nothing_is_kept(there: Standing, served: Served, capsys: Captured) -> None:
    served.doors.roles = frozenset({Role.OPERATOR})
    assert run(["adopt", "gw-b"]) == Exit.FAILED
    assert "may not" in capsys.readouterr().err
    assert there.archive.revisions("gw-b") == ()


def test_what_nobody_serves_cannot_be_adopted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("FOSA_STATE", str(tmp_path / "nowhere"))
    assert run(["adopt", "gw-b"]) == Exit.FAILED
    assert "fosa serve is not running" in capsys.readouterr().err


def test_an_unknown_device_is_bad_input(served: Served, capsys: Captured) -> None:
    assert run(["adopt", "gw-x"]) == Exit.BAD_INPUT
    assert run(["enrol", "gw-x", "--inventory", str(PILA)]) == Exit.BAD_INPUT
    assert run(["enrol", "sw-b-1", "--inventory", str(PILA)]) == Exit.BAD_INPUT
    assert run(["replace", "log-k", "--inventory", str(PILA)]) == Exit.BAD_INPUT


def test_only_one_way_to_bring_a_fingerprint(capsys: Captured) -> None:
    assert run(["enrol", "gw-b", "--inventory", str(PILA), "--console", "--from", "x"]) == Exit.BAD_INPUT
    assert run(["enrol", "gw-b", "--inventory", str(PILA), "--console"]) == Exit.BAD_INPUT
    assert run(["enrol", "gw-b", "--inventory", str(PILA), "--from", "/no/such/file"]) == Exit.BAD_INPUT
    assert "/no/such/file" in capsys.readouterr().err
