"""Moments and spans as people read them: in the office's own time zone, as coarse as they can be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from inventory.words import Language, language
from inventory.words import gettext as _

__all__ = ["Clock", "Moment", "day_text", "lasting"]

_DAY: dict[Language, str] = {"pl": "%d.%m.%Y", "en": "%Y-%m-%d"}


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant for people, and for machines."""

    text: str
    iso: str
    """UTC, RFC 3339."""


class Clock:
    """Tells times of one office at one moment."""

    def __init__(self, timezone: str, now: dt.datetime) -> None:
        self._zone = ZoneInfo(timezone)
        self._now = now

    def moment(self, instant: dt.datetime) -> Moment:
        """The time of day; with its date when that is another day."""
        local = instant.astimezone(self._zone)
        today = local.date() == self._now.astimezone(self._zone).date()
        pattern = "%H:%M:%S" if today else f"{_DAY[language()]} %H:%M"
        return Moment(local.strftime(pattern), _iso(instant))

    def short(self, instant: dt.datetime) -> str:
        """To the minute, for where there is little room."""
        return self.moment(instant).text.removesuffix(instant.strftime(":%S"))

    def whole(self, instant: dt.datetime) -> Moment:
        """Date and time of day, whatever today is."""
        return Moment(instant.astimezone(self._zone).strftime(f"{_DAY[language()]} %H:%M:%S"), _iso(instant))

    def since(self, instant: dt.datetime) -> str:
        """How long ago that was, in words."""
        return lasting((self._now - instant).total_seconds())


def day_text(day: dt.date) -> str:
    """A day without a time."""
    return day.strftime(_DAY[language()])


def lasting(seconds: float) -> str:
    """A span in its largest unit: a reader wants to know whether it is seconds, minutes, hours or days."""
    if seconds < 1:
        return _("less than a second")
    if seconds < 120:
        return _("{n} s").format(n=int(seconds))
    if seconds < 7200:
        return _("{n} min").format(n=int(seconds // 60))
    if seconds < 172_800:
        return _("{n} h").format(n=int(seconds // 3600))
    return _("{n} days").format(n=int(seconds // 86_400))


def _iso(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
