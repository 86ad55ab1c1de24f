"""A text as a square that a telephone reads: the path of an SVG, so that no script, style or picture file is needed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

__all__ = ["Square", "square"]

_QUIET = 4
"""Modules of white around it, as the standard wants."""


@dataclass(frozen=True, slots=True)
class Square:
    """What the template draws."""

    size: int
    """Modules a side, with the white around."""
    path: str
    """The dark modules, a rectangle for each run of them."""


def square(text: str) -> Square:
    """A text of some hundred characters at most."""
    import segno

    rows = [[bool(module) for module in row] for row in segno.make_qr(text, error="m").matrix]
    return Square(len(rows) + 2 * _QUIET, "".join(_row(y, row) for y, row in enumerate(rows)))


def _row(y: int, row: list[bool]) -> str:
    drawn, x = [], 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            drawn.append(f"M{x + _QUIET} {y + _QUIET}h{length}v1h-{length}z")
        x += length
    return "".join(drawn)
