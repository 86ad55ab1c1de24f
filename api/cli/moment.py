"""Moments as the office's clocks show them: whoever reads them is not always where the machine is."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["local", "when", "zone"]


@cache
def zone() -> ZoneInfo:
    """The offices'. Commands that ask the desk have no inventory to hand that says another."""
    from zoneinfo import ZoneInfo

    return ZoneInfo("Europe/Warsaw")


def local(moment: dt.datetime) -> dt.datetime:
    """A moment where the office is."""
    return moment.astimezone(zone())


def when(moment: dt.datetime) -> str:
    """To the minute."""
    return f"{local(moment):%Y-%m-%d %H:%M}"
