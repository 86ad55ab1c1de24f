"""Reads a workbook in a process of its own that may have only so much memory and time.

Run as a program with a file's name; prints the sheets as JSON. A workbook is a zip archive whose contents and whose
number of cells can be of any size, and whoever sent it may have meant that: when the limits are reached, only this
process ends.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
from typing import TypeVar

__all__ = ["CELLS", "COLUMNS", "LIMIT", "REFUSED", "ROWS", "main"]

ROWS = 20_000
COLUMNS = 100
CELLS = 500_000
LIMIT = 768 * 1024**2
"""Bytes of address space."""
REFUSED = 3
"""The exit code for what cannot be read as a workbook; the reason stands on standard error."""
_SECONDS = 20
_Cell = TypeVar("_Cell")


def main(file: str) -> int:
    """Print `[{"name": ..., "visible": ..., "rows": [[...]]}]`; dates as `{"day": "2027-12-31"}`."""
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(file)
        sheets = []
        left = CELLS
        for meta in book.sheets_metadata:
            sheet = book.get_sheet_by_name(meta.name)
            height, width = (0, 0) if sheet.end is None else (sheet.end[0] + 1, sheet.end[1] + 1)
            left -= height * width
            if height > ROWS or width > COLUMNS or left < 0:
                print(f"{meta.name}: {height} x {width}", file=sys.stderr)  # noqa: T201  read by who started it
                return REFUSED
            rows = [] if sheet.end is None else sheet.to_python(skip_empty_area=False)
            _fill(rows, sheet.merged_cell_ranges or [])
            visible = meta.visible == SheetVisibleEnum.Visible
            sheets.append({"name": meta.name, "visible": visible, "rows": rows})
    except (CalamineError, OSError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return REFUSED
    json.dump(sheets, sys.stdout, default=_plain)
    return 0


def _fill(rows: list[list[_Cell]], merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """What stands in a cell merged downwards is meant for every row beside it."""
    for (top, column), (bottom, _right) in merged:
        for row in rows[top + 1 : bottom + 1]:
            row[column] = rows[top][column]


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return {"day": value.date().isoformat()}
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    return str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
