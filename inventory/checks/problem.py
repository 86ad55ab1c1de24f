"""What a cross-check finds."""

from __future__ import annotations

from typing import NamedTuple

from inventory.faults import Severity

__all__ = ["Problem"]


class Problem(NamedTuple):
    """A fault before it is bound to a file: `path` leads to it from the office, by the keys people write."""

    path: tuple[str | int, ...]
    severity: Severity
    message: str
