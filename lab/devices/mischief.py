"""What an emulated device does wrong on demand. Nothing, unless told."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Mischief", "matches"]


@dataclass(frozen=True, slots=True)
class Mischief:
    """Regular expressions are searched in what is typed; an empty one never matches."""

    since: str = ""
    """Nothing is wrong before such a line has been heard; empty: from the beginning."""
    slow_s: float = 0.0
    """Before every answer."""
    drop: str = ""
    """At such a line the connection ends without an answer; the line is done."""
    once: bool = False
    """After it has dropped one connection nothing is wrong any more."""
    reboot: str = ""
    """At such a line the device restarts from what is saved: every connection ends, and none is let in for a moment."""
    refuse: str = ""
    """Such a line is refused as a bad one."""
    says: str = ""
    """In which words it refuses, or asks; empty: in its own."""
    asks: str = ""
    """At such a line it asks first, and does it only after a yes."""
    forgets: bool = False
    """It says that it has saved, and has not."""
    name: str = ""
    """It calls itself this: another device behind the address."""
    pages: bool = False
    """It pages, whatever it was told."""
    sessions: int = 16
    """So many at once."""
    shuts_out: str = ""
    """Once such a line has been done nobody is let in any more, until it has been taken back."""
    logs: str = ""
    """A line of its log, written into the middle of every answer and before every prompt, too."""
    wraps: int = 0
    """So wide is a line of the terminal: a longer echo goes on in the next. 0: as wide as is asked for."""
    clock_s: float = 0.0
    """Its clock is so many seconds ahead."""


def matches(pattern: str, line: str) -> bool:
    """Whether a line is meant."""
    return bool(pattern) and re.search(pattern, line) is not None
