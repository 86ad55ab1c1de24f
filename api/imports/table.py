"""A list of equipment as rows of cells: from CSV of any common kind, or from a workbook."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.imports.cells import Cell
from api.imports.vocabulary import column_of
from api.imports.workbook import COLUMNS, ROWS
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["BOOKS", "FILE_BYTES", "Table", "read_tables"]

FILE_BYTES = 10 * 1024**2
BOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
_UNPACKED = 64 * 1024**2
_SECONDS = 40
_LATIN2 = frozenset(b"\xb1\xb6\xbc\xa1\xa6\xac")
"""ą ś ź Ą Ś Ź in ISO 8859-2; in the code page of Windows the same letters are elsewhere."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet."""

    name: str
    """`list.xlsx, sheet Arkusz1`, or the file's name."""
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    """With the numbers a person sees in the program he opens it with, from 1."""
    visible: bool = True


def read_tables(path: Path) -> tuple[Table, ...]:
    """Every sheet of a file. InputError where it cannot be read, or is larger than a list of equipment can be."""
    try:
        size = path.stat().st_size
        if size > FILE_BYTES:
            message = _("{file} is {size} MiB long; a list may have {limit} MiB")
            raise InputError(message.format(file=path, size=round(size / 1024**2, 1), limit=FILE_BYTES // 1024**2))
        if path.suffix.lower() in BOOKS:
            return tuple(_sheets(path))
        return (Table(path.name, tuple(_csv(path.name, path.read_bytes()))),)
    except OSError as error:
        raise InputError(_("{file}: cannot be read: {why}").format(file=path, why=error.strerror)) from error


# ---- Workbooks -------------------------------------------------------------------------------------------------------


def _sheets(path: Path) -> Iterator[Table]:
    _refuse_bomb(path)
    for sheet in json.loads(_printed(path)):
        rows = enumerate(sheet["rows"], 1)
        name = _("{file}, sheet {sheet}").format(file=path.name, sheet=sheet["name"])
        yield Table(name, tuple((number, tuple(map(_cell, row))) for number, row in rows), visible=sheet["visible"])


def _refuse_bomb(path: Path) -> None:
    """What an archive says of itself; one that lies is stopped by the limits of the process that reads it."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise InputError(_("{file} is no workbook: {why}").format(file=path, why=error)) from error
    if unpacked > _UNPACKED:
        message = _("{file} would unpack to {size} MiB; a list may have {limit} MiB")
        raise InputError(message.format(file=path, size=unpacked // 1024**2, limit=_UNPACKED // 1024**2))


def _printed(path: Path) -> str:
    try:
        done = subprocess.run(  # noqa: S603  fixed words and a path
            [sys.executable, "-m", "api.imports.workbook", str(path.absolute())],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(_("{file} takes too long to read; a list of equipment does not").format(file=path)) from error
    if done.returncode < 0 or "MemoryError" in done.stderr:
        raise InputError(_("{file} needs more memory or time than a list of equipment can").format(file=path))
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["?"])[-1]
        message = _("{file} is no workbook fosa can read, or has more than {rows} rows or {columns} columns: {why}")
        raise InputError(message.format(file=path, rows=ROWS, columns=COLUMNS, why=why))
    return done.stdout


def _cell(value: object) -> Cell:
    if isinstance(value, dict):
        return dt.date.fromisoformat(str(value["day"]))
    return value if isinstance(value, str | int | float | bool) else None


# ---- CSV -------------------------------------------------------------------------------------------------------------


def _csv(name: str, data: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    text = _decoded(name, data)
    delimiter = max(";,\t|", key=lambda each: _headings(text, each))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    last = 1
    try:
        for row in reader:
            if last > ROWS or len(row) > COLUMNS:
                message = _("{file} has more than {rows} rows or {columns} columns")
                raise InputError(message.format(file=name, rows=ROWS, columns=COLUMNS))
            yield last, tuple(row)
            last = reader.line_num + 1
    except csv.Error as error:
        message = _("{file}, line {line}: {why}")
        raise InputError(message.format(file=name, line=reader.line_num, why=error)) from error


def _headings(text: str, delimiter: str) -> int:
    """How many columns somebody would understand, were this the delimiter."""
    rows = (line.split(delimiter) for line in text.split("\n", 30)[:30])
    return max((sum(column_of(cell) is not None for cell in row[:COLUMNS]) for row in rows), default=0)


def _decoded(name: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        coding = "utf-16"
    elif b"\0" in data:
        raise InputError(_("{file} is no text").format(file=name))
    else:
        coding = "utf-8-sig"
    try:
        return data.decode(coding)
    except UnicodeDecodeError as error:
        if coding == "utf-16":
            raise InputError(_("{file} is no text").format(file=name)) from error
    return data.decode("iso8859_2" if _LATIN2 & set(data) else "cp1250", "replace")
