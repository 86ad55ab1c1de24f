"""Signs: a shape, a colour and a word each, so that none of them has to be told by its colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from inventory.words import gettext as _
from monitor import words
from monitor.compliance import words as compliance
from monitor.compliance.model import ClauseStatus, Result
from monitor.results import State

__all__ = ["Shape", "Sign", "of_clause", "of_result", "of_state", "unwatched"]


class Shape(StrEnum):
    """A drawing of the page's sprite and a colour of its stylesheet."""

    UP = "up"
    """A disc with a tick."""
    DOWN = "down"
    """An octagon with a cross."""
    UNKNOWN = "unknown"
    """A diamond with a question mark."""
    HEED = "heed"
    """A triangle with an exclamation mark."""
    NONE = "none"
    """An empty ring: nothing is said."""
    WORK = "work"
    """A spanner: somebody is at work on it."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What is drawn, and the word beside it."""

    shape: Shape
    word: str


_STATES = {State.UP: Shape.UP, State.DEGRADED: Shape.HEED, State.DOWN: Shape.DOWN, State.UNKNOWN: Shape.UNKNOWN}

_RESULTS = {
    Result.PASS: Shape.UP,
    Result.FIXED: Shape.UP,
    Result.FAIL: Shape.DOWN,
    Result.ERROR: Shape.HEED,
    Result.UNKNOWN: Shape.UNKNOWN,
}

_CLAUSES = {
    ClauseStatus.MET: Shape.UP,
    ClauseStatus.PARTLY: Shape.HEED,
    ClauseStatus.NOT_MET: Shape.DOWN,
    ClauseStatus.NOT_ASSESSED: Shape.UNKNOWN,
}


def of_state(state: State) -> Sign:
    """The sign of something that is watched."""
    return Sign(_STATES[state], words.state(state))


def of_result(result: Result) -> Sign:
    """The sign of what a rule says."""
    return Sign(_RESULTS.get(result, Shape.NONE), compliance.result(result))


def of_clause(status: ClauseStatus) -> Sign:
    """The sign of how a clause stands."""
    return Sign(_CLAUSES[status], compliance.status(status))


def unwatched() -> Sign:
    """The sign of what is in the inventory and looked at by nobody."""
    return Sign(Shape.NONE, _("not watched"))
