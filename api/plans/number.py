"""What a plan is called: the day it was made where the office is, and a number."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from api.plans.shelf import PLANS
from api.store.ledger import Ledger
from inventory.model import Office

__all__ = ["day_of", "next_id"]


def day_of(office: Office, now: dt.datetime) -> dt.date:
    """The day where the office is."""
    return now.astimezone(ZoneInfo(office.calendar.timezone)).date()


def next_id(ledger: Ledger, day: dt.date | str) -> str:
    """The first free name of that day (`20261122`). Somebody else may take it before it is kept."""
    prefix = f"p-{day if isinstance(day, str) else day.strftime('%Y%m%d')}-"
    taken = (kept.key for kept in ledger.list(PLANS) if kept.key.startswith(prefix))
    return f"{prefix}{max((int(key.removeprefix(prefix)) for key in taken), default=0) + 1:04}"
