"""What a text or a reading of a device is."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Basis"]


class Basis(StrEnum):
    """What was judged: what would be pushed, what a device runs, what is happening on it."""

    INTENDED = "intended"
    RUNNING = "running"
    LIVE = "live"
