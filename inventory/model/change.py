"""How changes are made: who must agree, when they may begin, which device goes first."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from inventory.model.base import Name, Value

__all__ = ["Changes", "Hours", "Weekday"]


class Weekday(StrEnum):
    """The days of the week, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Hours(Value):
    """Part of a day. Where a side is left out, the calendar's opens or closes."""

    begins: dt.time | None = None
    ends: dt.time | None = None


_WEEK = {
    Weekday.MON: Hours(),
    Weekday.TUE: Hours(),
    Weekday.WED: Hours(),
    Weekday.THU: Hours(),
    Weekday.FRI: Hours(ends=dt.time(13)),
}
"""Nobody wants to find out on a Friday afternoon."""


class Changes(Value):
    """The rules a change keeps to. Public holidays and the office's days off are never in the window."""

    four_eyes: bool = True
    """Whether somebody else than the author must approve a plan."""
    window: dict[Weekday, Hours] = Field(default_factory=lambda: dict(_WEEK))
    """When changes begin by themselves; a day that is not named is closed."""
    canary: Name | None = None
    """The device every change that touches it begins with."""
    plan_days: Annotated[int, Field(ge=1, le=90, strict=True)] = 7
    """How long a plan may wait for its approval and its begin."""
    revert_after_s: Annotated[int, Field(ge=10, le=3600, strict=True)] = 60
    """How long a device waits for its confirmation before it takes a change back."""
