"""When somebody is in the office: working hours, weekends, Poland's public holidays, the office's own days off."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from inventory.feasts import days_off
from inventory.model import Calendar

__all__ = ["Opening", "opening", "working_day", "works"]

_REACH = 60


class Opening(StrEnum):
    """Whether the office is open at a moment, and if not, why."""

    OPEN = "open"
    OUT_OF_HOURS = "out_of_hours"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"


def opening(calendar: Calendar, moment: dt.datetime) -> Opening:
    """Whether the office is open at `moment` (an aware time in any zone)."""
    local = moment.astimezone(ZoneInfo(calendar.timezone))
    day = local.date()
    if day in calendar.closed:
        return Opening.CLOSED
    if day in days_off(day.year):
        return Opening.HOLIDAY
    if day.isoweekday() > 5:
        return Opening.WEEKEND
    if calendar.opens <= local.time() < calendar.closes:
        return Opening.OPEN
    return Opening.OUT_OF_HOURS


def works(calendar: Calendar, day: dt.date) -> bool:
    """Whether it is a working day of the office."""
    return day.isoweekday() <= 5 and day not in days_off(day.year) and day not in calendar.closed


def working_day(calendar: Calendar, day: dt.date, *, onward: bool) -> dt.date | None:
    """The next working day after a day, or the last one before it; None where there is none within `_REACH` days."""
    step = dt.timedelta(days=1 if onward else -1)
    return next((day + n * step for n in range(1, _REACH) if works(calendar, day + n * step)), None)
