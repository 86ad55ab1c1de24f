"""When somebody is in the office: working hours, weekends, Poland's public holidays, the office's own days off."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from zoneinfo import ZoneInfo

from inventory.model import Calendar

__all__ = ["Opening", "opening"]


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
    if _is_holiday(calendar, day):
        return Opening.HOLIDAY
    if day.isoweekday() > 5:
        return Opening.WEEKEND
    if calendar.opens <= local.time() < calendar.closes:
        return Opening.OPEN
    return Opening.OUT_OF_HOURS


def _is_holiday(calendar: Calendar, day: dt.date) -> bool:
    # Every Sunday is a day off by Polish law too; the weekend has its own word above, so only named days count here.
    from holidays import country_holidays

    return day in country_holidays(calendar.holidays, years=day.year)
