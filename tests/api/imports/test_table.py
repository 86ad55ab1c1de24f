"""Files of lists: every common kind of CSV, workbooks within bounds, nothing else."""

import zipfile
from pathlib import Path

import pytest

from api.imports.listed import read_list
from api.imports.model import Source
from api.imports.table import read_tables
from inventory.errors import InputError
from tests.api.imports.workbooks import NAMESPACE, write_parts, write_workbook

ROWS = (
    ("Lp.", "Nazwa", "Typ", "Nr seryjny", "Pokój"),
    ("1", "Drukarka w księgowości", "Drukarka", "S-1", "Księgowość"),
    ("2", "", "Komputer", "S-2", "Świetlica; parter"),
)


def listed(path: Path) -> Source:
    return read_list(read_tables(path), people=False)


def text(delimiter: str) -> str:
    return "\r\n".join(delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in ROWS)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1250", "iso8859_2", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_reads_csv_however_it_was_saved(tmp_path: Path, coding: str, delimiter: str) -> None:
    path = tmp_path / "lista.csv"
    path.write_bytes(text(delimiter).encode(coding))
    found = listed(path).found
    assert [(one.where, one.fields["serial"], one.room) for one in found] == [
        ("lista.csv, row 2", "S-1", "Księgowość"),
        ("lista.csv, row 3", "S-2", "Świetlica; parter"),
    ]


def test_rows_keep_their_numbers_past_cells_of_many_lines(tmp_path: Path) -> None:
    path = tmp_path / "lista.csv"
    path.write_text('Lp;Typ;Nr seryjny\n1;"Drukarka\nduża";S-1\n\n2;Komputer;S-2\n', encoding="utf-8")
    assert [one.where for one in listed(path).found] == ["lista.csv, row 2", "lista.csv, row 5"]


def test_a_sheet_without_headings_is_told(tmp_path: Path) -> None:
    source = listed(write_workbook(tmp_path / "a.xlsx", [["Notatki"], ["kupić toner"]]))
    assert source.found == ()
    assert source.notes == ("a.xlsx, sheet Arkusz1: passed over, because no row of headings is understood in it",)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x00\x01\x02", bytes(range(256)) * 9])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is no workbook"):
        read_tables(path)


def test_binary_is_no_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\0b")
    with pytest.raises(InputError, match="is no text"):
        read_tables(path)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_tables(tmp_path / "a.csv")


def test_a_bomb_that_says_so_is_not_unpacked(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "a.xlsx", [["a"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", bytes(65 * 1024**2))
    with pytest.raises(InputError, match="would unpack to 65 MiB"):
        read_tables(path)


def test_a_sheet_of_a_million_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    write_parts(path, f'<worksheet xmlns="{NAMESPACE}"><sheetData>{corners}</sheetData></worksheet>')
    with pytest.raises(InputError, match=r"more memory|more than 20000 rows"):
        read_tables(path)


def test_a_bomb_that_lies_ends_its_own_process_only(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    blank = " " * 60_000_000
    write_parts(path, f'<worksheet xmlns="{NAMESPACE}"><sheetData>{blank}</sheetData></worksheet>')
    data = path.read_bytes()
    sizes = [entry.file_size for entry in zipfile.ZipFile(path).infolist()]
    path.write_bytes(data.replace(max(sizes).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    try:
        assert not any(row for table in read_tables(path) for row in table.rows)
    except InputError as error:
        assert "a.xlsx" in str(error)  # noqa: PT017  either is right: what matters is that it ends


def test_a_list_has_bounds(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Lp;Typ;Nr seryjny\n" * 1_000_000)
    with pytest.raises(InputError, match="MiB long"):
        read_tables(path)
    path.write_bytes(b"Lp;Typ;Nr seryjny\n" * 21_000)
    with pytest.raises(InputError, match="more than 20000 rows"):
        read_tables(path)
