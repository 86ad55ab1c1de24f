"""Days of the office as moments."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from inventory.model import Office

__all__ = ["end_of"]


def end_of(office: Office, day: dt.date) -> dt.datetime:
    """The moment a day is over where the office is."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(office.calendar.timezone))
