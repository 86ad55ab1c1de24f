"""What an emulated device does wrong on demand. Nothing, unless told."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Mischief", "matches"]


@dataclass(frozen=True, slots=True)
class Mischief:
    """Regular expressions are searched in what is typed; an empty one never matches."""

    slow_s: float = 0.0
    """Before every answer."""
    drop: str = ""
    """At such a line the connection ends without an answer; the line is done."""
    reboot: str = ""
    """At such a line the device restarts from what is saved: every connection ends, and none is let in for a moment."""
    refuse: str = ""
    """Such a line is refused as a bad one."""
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


def matches(pattern: str, line: str) -> bool:
    """Whether a line is meant."""
    return bool(pattern) and re.search(pattern, line) is not None
