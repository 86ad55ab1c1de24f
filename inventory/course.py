"""The course of a change in words that whoever makes it and whoever shows it share."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Guard", "Restored", "Step"]


class Guard(StrEnum):
    """Who takes an unconfirmed change back."""

    DEVICE = "device"
    DEVICE_RELOAD = "device_reload"
    MANAGER = "manager"
    NONE = "none"


class Step(StrEnum):
    """Where a device is in its change."""

    BACKUP = "backup"
    STAGE = "stage"
    COMMIT = "commit"
    VERIFY = "verify"
    CONFIRM = "confirm"
    REVERT = "revert"
    DONE = "done"


class Restored(StrEnum):
    """Whether a device is as it was before."""

    UNTOUCHED = "untouched"
    YES = "yes"
    UNKNOWN = "unknown"
    """Nobody could ask. The device's own dead-man takes an unconfirmed change back."""
