"""What was refused while something was done: the counters of this process, before and after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monitor.errors import Flaw
from monitor.refused import Protocol, refused

__all__ = ["Case", "grown"]

Case = Callable[[Path], object]
"""Meets one bad answer; in a folder of its own."""


def grown(case: Case, folder: Path) -> dict[tuple[Protocol, Flaw], int]:
    """By how much each counter has grown."""
    before = {(each.protocol, each.flaw): each.count for each in refused()}
    case(folder)
    after = {(each.protocol, each.flaw): each.count for each in refused()}
    return {key: count - before.get(key, 0) for key, count in after.items() if count != before.get(key, 0)}
