"""What a command's exit code means."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Exit"]


class Exit(IntEnum):
    """Documented in README under "Exit codes"."""

    DONE = 0
    FAILED = 1
    DIFFERENCE = 2
    BAD_INPUT = 3
    UNREACHABLE = 4
    INTERRUPTED = 130
