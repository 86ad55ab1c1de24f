"""One command, and a list of 179 rows is the inventory; what is unclear is told row by row."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from api.cli import run
from inventory.load import load
from inventory.model import DeviceKind
from tests.api.imports.equipment import FIRST, ODD, REFUSED, list_of_179, office_without_devices


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return office_without_devices(tmp_path / "office")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return list_of_179(tmp_path / "ewidencja.xlsx")


def told(capsys: pytest.CaptureFixture[str], words: Sequence[str]) -> tuple[int, dict[str, object]]:
    """The exit code, and what a program is told."""
    code = run([*words, "--json", "--lang", "en"])
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return code, found


def rows_of(unclear: object, *, taken: bool) -> list[int]:
    assert isinstance(unclear, list)
    found = [each for each in unclear if each["taken"] is taken]
    return [int(re.fullmatch(r".*, row (\d+)", each["where"])[1]) - FIRST + 1 for each in found]  # type: ignore[index]


def test_becomes_the_inventory_in_one_command(folder: Path, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = told(capsys, ["import", str(book), "--inventory", str(folder), "--yes"])
    assert code == 2  # there are rows a person must look at
    assert said["written"] is True
    office = load(folder).require()
    new = said["new"]
    assert isinstance(new, list)
    assert len(new) == 179 - len(REFUSED)
    assert sorted(rows_of(said["unclear"], taken=False)) == sorted(REFUSED)
    assert sorted(rows_of(said["unclear"], taken=True)) == sorted(ODD.keys() - set(REFUSED))
    kinds = [device.kind for device in office.devices if device.name in new]
    assert kinds.count(DeviceKind.COMPUTER) == 124
    assert kinds.count(DeviceKind.PRINTER) == 38
    assert kinds.count(DeviceKind.SWITCH) == 10


def test_takes_what_a_row_says(folder: Path, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, ["import", str(book), "--inventory", str(folder), "--yes"])
    office = load(folder).require()
    computer = next(device for device in office.devices if device.serial == "CZC0000000")
    assert (computer.name, computer.building, computer.room) == ("pc-001", "k", "k-2")
    assert computer.mac == "00:1b:44:11:3a:01"
    assert computer.bought is not None
    assert computer.bought.price_pln == 2499
    assert computer.bought.date.isoformat() == "2016-02-02"
    assert computer.owner is None  # the column may hold names of people
    printer = next(device for device in office.devices if device.serial == "7300000131")
    assert (printer.zone, str(printer.address), printer.name) == ("prn", "10.64.7.10", "prn-k-01")
    switch = office.device("sw-k-1")
    assert (switch.room, str(switch.address)) == ("k-server-room", "10.64.0.11")


def test_a_second_time_changes_nothing(folder: Path, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["import", str(book), "--inventory", str(folder), "--yes"]
    _code, first = told(capsys, words)
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    _code, second = told(capsys, words)
    assert second["files"] == {}
    assert second["new"] == second["amended"] == []
    assert second["unchanged"] == len(first["new"])  # type: ignore[arg-type]
    assert sorted(rows_of(second["unclear"], taken=False)) == sorted(rows_of(first["unclear"], taken=False))
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()} == before


def test_shows_everything_before_anything_is_written(
    folder: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    assert run(["import", str(book), "--inventory", str(folder), "--lang", "en"]) == 3
    shown = capsys.readouterr()
    assert "+  - {name: pc-001, kind: computer, building: k, room: k-2" in shown.out
    assert "NOT TAKEN: ewidencja.xlsx, sheet Ewidencja, row 11 (Komputer, Komputer stacjonarny" in shown.out
    assert "passed over, a line of sums" in shown.out
    assert "columns not taken: Uwagi" in shown.out
    assert "172 devices are new, 0 are amended, 0 stay as they are, 15 things are unclear" in shown.out
    assert "nobody is there to agree" in shown.err
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()} == before


def test_what_somebody_says_of_a_building_settles_it(
    folder: Path, book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "import",
        str(book),
        "--inventory",
        str(folder),
        "--building",
        "ul. Bydgoska 3=b",
        "--building",
        "k",
        "--yes",
    ]
    _code, said = told(capsys, words)
    assert sorted(rows_of(said["unclear"], taken=False)) == sorted(set(REFUSED) - {18, 23})


def test_people_become_owners_only_when_asked(folder: Path, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, ["import", str(book), "--inventory", str(folder), "--people", "--yes"])
    office = load(folder).require()
    assert office.device("pc-001").owner == "stanowisko ds. świadczeń"
