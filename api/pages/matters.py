"""What is not as it should be: what, where, since when, why, and who is asked to do what about it. Worst first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from api.pages.signs import Shape

__all__ = ["Matter", "Step", "ordered"]

_ORDER = (Shape.DOWN, Shape.UNKNOWN, Shape.HEED)


@dataclass(frozen=True, slots=True)
class Step:
    """Something a person can do."""

    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing somebody has to look at."""

    shape: Shape
    title: str
    effect: str = ""
    """What it means for the people who work there."""
    why: tuple[str, ...] = ()
    """What was read that says so."""
    since: dt.datetime | None = None
    steps: tuple[Step, ...] = ()
    """In the order they are best taken."""
    anchor: str = ""
    """The part of the page that says more."""


def ordered(matters: list[Matter]) -> tuple[Matter, ...]:
    """Broken before unknown before what only wants heeding; else as they came."""
    return tuple(sorted(matters, key=lambda matter: _ORDER.index(matter.shape)))
