"""What a cross-check finds."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

from inventory.faults import Severity
from inventory.words import gettext as _

__all__ = ["Path", "Problem", "error", "note", "suggest", "warning"]

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """A fault before it is bound to a file: `path` leads to it from the office, by the keys people write."""

    path: Path
    severity: Severity
    message: str


def error(path: Path, message: str) -> Problem:
    """Bad input."""
    return Problem(path, Severity.ERROR, message)


def warning(path: Path, message: str) -> Problem:
    """A finding."""
    return Problem(path, Severity.WARNING, message)


def note(path: Path, message: str) -> Problem:
    """Good to know."""
    return Problem(path, Severity.NOTE, message)


def suggest(name: str, known: Iterable[str]) -> str:
    """What to say behind "there is no …": the nearest name, or all of them where they are few."""
    names = sorted(known)
    if len(names) < 1000 and (close := get_close_matches(name, names, n=1)):
        return _("did you mean {close}?").format(close=close[0])
    if not names:
        return _("there are none")
    if len(names) > 20:  # more would bury the sentence
        return _("there are {count} others").format(count=len(names))
    return _("there are: {names}").format(names=", ".join(names))
