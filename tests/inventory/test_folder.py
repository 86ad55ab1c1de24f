"""What of a folder is read, and what is refused before a byte is."""

import os
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.folder import FILES, Folder, read
from inventory.load import load


def said(folder: Folder) -> list[str]:
    return [str(fault) for fault in folder.faults]


def test_reads_yaml_files_of_all_folders_in_order(tmp_path: Path) -> None:
    for name in ("b.yaml", "a/z.yaml", "a.yaml", ".git/c.yaml", ".hidden.yaml", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}")
    found = read(tmp_path)
    assert [source.name for source in found.sources] == ["a.yaml", "a/z.yaml", "b.yaml"]
    assert said(found) == []


def test_passes_over_vault_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: x")
    (tmp_path / "secrets.yaml").write_text("$ANSIBLE_VAULT;1.1;AES256\n00\n")
    assert [source.name for source in read(tmp_path).sources] == ["a.yaml"]


def test_passes_over_the_folder_of_secrets_which_may_be_closed(tmp_path: Path) -> None:
    for name in ("a.yaml", "secrets/b.yaml", "k/secrets/c.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("name: x")
    (tmp_path / "secrets").chmod(0)
    found = read(tmp_path)
    assert ([source.name for source in found.sources], said(found)) == (["a.yaml", "k/secrets/c.yaml"], [])


def test_names_a_folder_that_is_no_inventory(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert said(read(tmp_path / "none")) == [f"{tmp_path}/none: there is no such folder"]
    assert said(read(file)) == [f"{file}: is a file; an inventory is a folder of *.yaml files"]
    assert said(read(empty)) == [f"{empty}: holds no *.yaml file"]
    # The rest of the sentence is Python's own and differs between its versions.
    assert [text.partition(": embedded")[0].partition(": stat")[0] for text in said(read(Path("a\0b")))] == [
        "a\0b: cannot be read"
    ]


def test_refuses_100_mb_without_reading_them(tmp_path: Path) -> None:
    with (tmp_path / "big.yaml").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    assert said(read(tmp_path)) == ["big.yaml: is 100.0 MiB long; a file may have 2 MiB"]
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1024 * 1024


def test_refuses_more_than_all_files_together_may_have(tmp_path: Path) -> None:
    for n in range(9):
        with (tmp_path / f"{n}.yaml").open("wb") as file:
            file.truncate(2 * 1024 * 1024)
    assert said(read(tmp_path)) == ["8.yaml: not read: all files together may have 16 MiB"]


def test_refuses_too_many_files(tmp_path: Path) -> None:
    for n in range(FILES + 1):
        (tmp_path / f"{n}.yaml").touch()
    assert said(read(tmp_path)) == [f"{tmp_path}: holds more than 2000 *.yaml files"]


def test_follows_no_link(tmp_path: Path) -> None:
    inside = tmp_path / "office"
    inside.mkdir()
    (tmp_path / "out.yaml").write_text("name: x")
    (inside / "a.yaml").write_text("name: x")
    (inside / "link.yaml").symlink_to(tmp_path / "out.yaml")
    (inside / "self").symlink_to(inside)
    (inside / "loop").symlink_to("loop")
    (inside / "gone.txt").symlink_to("nothing")
    found = read(inside)
    assert [source.name for source in found.sources] == ["a.yaml"]
    why = "is a symbolic link, and links are not followed; put the file itself here"
    assert said(found) == [f"link.yaml: {why}", f"loop: {why}", f"self: {why}"]


def test_refuses_what_is_not_a_file_of_text(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"name: x\ntitle: \xb3\n")
    (tmp_path / "old.yml").write_text("name: x")
    assert said(read(tmp_path)) == [
        "old.yml: is not read: only *.yaml files are; rename it",
        "fifo.yaml: is not a regular file",
        "latin.yaml: is not UTF-8 text (line 2)",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_names_a_file_it_may_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").touch(mode=0)
    assert said(read(tmp_path)) == ["a.yaml: cannot be read: Permission denied"]


def test_refuses_folders_nested_too_deep(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 12)
    deep.mkdir(parents=True)
    (deep / "a.yaml").touch()
    assert said(read(tmp_path)) == [f"{'/'.join(['d'] * 9)}: folders are nested more than 8 deep"]


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=3))
def test_loading_never_raises_for_any_bytes(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    folder = tmp_path_factory.mktemp("office", numbered=True)
    for n, content in enumerate(contents):
        (folder / f"{n}.yaml").write_bytes(content)
    assert load(folder).office is None
