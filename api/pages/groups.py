"""Many things in little room: what is wrong in rows, what is not known or in order folded away, group by group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.pages.figures import count
from api.pages.signs import Sign, of_state
from api.pages.times import Moment
from inventory.words import ngettext
from monitor.results import State

__all__ = ["Fold", "Group", "Row", "grouped"]

_WRONG = (State.DOWN, State.DEGRADED)
_FOLDED = (State.UNKNOWN, State.UP)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing."""

    state: State
    name: str
    what: str
    href: str
    """Where there is more about it."""
    cause: str
    since: Moment
    lasting: str

    @property
    def sign(self) -> Sign:
        """Of its state, in the language in use."""
        return of_state(self.state)


@dataclass(frozen=True, slots=True)
class Fold:
    """Things that are alike, to be unfolded."""

    name: str
    """Of its place on the page."""
    sign: Sign
    says: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What stands together."""

    title: str
    wrong: tuple[Row, ...]
    """The worst first."""
    folds: tuple[Fold, ...]


def grouped(name: str, rows: Mapping[str, Sequence[Row]], titles: Mapping[str, str]) -> tuple[Group, ...]:
    """Rows by group, in the order of the titles; those where something is wrong first. `name` is the page's part."""
    groups = [_group(f"{name}-{key}", title, rows[key]) for key, title in titles.items() if rows.get(key)]
    return tuple(sorted(groups, key=_worst))


def _group(name: str, title: str, rows: Sequence[Row]) -> Group:
    wrong = tuple(row for state in _WRONG for row in rows if row.state is state)
    folds = tuple(_fold(name, state, rows) for state in _FOLDED if any(row.state is state for row in rows))
    return Group(title, wrong, folds)


def _fold(name: str, state: State, rows: Iterable[Row]) -> Fold:
    alike = tuple(row for row in rows if row.state is state)
    n = len(alike)
    # English has one form for both, other languages have three.
    fine, open_ = ngettext("{n} in order", "{n} in order", n), ngettext("{n} not known", "{n} not known", n)
    says = fine if state is State.UP else open_
    return Fold(f"{name}-{state}", of_state(state), says.format(n=count(n)), alike)


def _worst(group: Group) -> int:
    return min((_WRONG.index(row.state) for row in group.wrong), default=len(_WRONG))
