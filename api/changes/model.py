"""What has become of a change, device by device."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from pydantic import Field

from inventory.course import Restored, Step
from inventory.model.base import Value
from inventory.sentence import Sentence

__all__ = ["Change", "ChangeState", "DeviceEnd", "Ended", "Progress"]


class ChangeState(StrEnum):
    """Where a change is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    """Every device was changed and confirmed, or had nothing to do."""
    REVERTED = "reverted"
    """Something failed; every device runs what it ran before."""
    PARTLY = "partly"
    """Waves before the one that failed stay; the failed wave was taken back."""
    UNKNOWN = "unknown"
    """A device could not be asked afterwards: its own dead-man decides."""


class Ended(StrEnum):
    """How a device's part of a change ended."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    REHEARSED = "rehearsed"
    """A drill: what was taken down has leaked nothing, and is back."""
    NOT_BEGUN = "not_begun"
    """A wave before its own failed."""


class DeviceEnd(Value):
    """How a device was left."""

    ended: Ended
    restored: Restored = Restored.UNTOUCHED
    reason: Sentence | None = None


class Progress(Value):
    """A step of a change, as it is told to whoever follows."""

    at: dt.datetime
    wave: int
    """From 1."""
    device: str
    """Empty for what concerns the whole change."""
    step: Step
    end: DeviceEnd | None = None


class Change(Value):
    """A change; its key is its plan's id."""

    plan: str
    state: ChangeState
    queued_at: dt.datetime
    begun_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    worker: str = ""
    """The executor that has, or had, it in hand."""
    devices: dict[str, DeviceEnd] = Field(default_factory=dict)
