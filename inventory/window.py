"""When a change may begin by itself: the hours of each weekday, never on a day off, never in a freeze. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from inventory.calendar import Opening, opening
from inventory.model import Office, Weekday
from inventory.model.base import Text, Value
from inventory.sentence import Sentence, say
from inventory.words import noted as N_

__all__ = ["Closed", "Freeze", "Open", "hours_of", "window"]

_DAYS = tuple(Weekday)
_AHEAD = 60
"""How many days are searched for the next opening."""


class Freeze(Value):
    """Somebody has closed the window for everybody."""

    why: Text
    by: str
    since: dt.datetime
    until: dt.date | None = None
    """The last day of it, where the office is; None: until it is ended."""


@dataclass(frozen=True, slots=True)
class Open:
    """Changes may begin."""

    until: dt.datetime
    """When the window closes today."""


@dataclass(frozen=True, slots=True)
class Closed:
    """They may not."""

    reason: Sentence
    until: dt.datetime | None
    """When it opens next as far as can be told; None: not within two months, or a freeze without an end."""


def window(office: Office, freezes: Iterable[Freeze], now: dt.datetime) -> Open | Closed:
    """Whether a change may begin at `now`, an aware time in any zone."""
    held = tuple(freezes)
    local = now.astimezone(ZoneInfo(office.calendar.timezone))
    reason = _frozen(held, local.date()) or _shut(office, local)
    if reason is None:
        return Open(_at(office, local.date(), 1))
    return Closed(reason, _opens_next(office, held, local))


def hours_of(office: Office, day: Weekday) -> tuple[dt.time, dt.time]:
    """When the window opens and closes on that day; KeyError for a day that is not named.

    A side that is left out is the calendar's.
    """
    hours = office.changes.window[day]
    return hours.begins or office.calendar.opens, hours.ends or office.calendar.closes


def _shut(office: Office, local: dt.datetime) -> Sentence | None:
    if (reason := _day_off(office, local.date())) is not None:
        return reason
    begins, ends = hours_of(office, _weekday(local.date()))
    if begins <= local.time() < ends:
        return None
    message = N_("changes begin between {begins} and {ends} today")
    return say(message, begins=f"{begins:%H:%M}", ends=f"{ends:%H:%M}")


def _day_off(office: Office, day: dt.date) -> Sentence | None:
    # The calendar is asked at noon: only its days matter here, not its hours.
    noon = dt.datetime.combine(day, dt.time(12), ZoneInfo(office.calendar.timezone))
    match opening(office.calendar, noon):
        case Opening.HOLIDAY:
            return say(N_("{day} is a public holiday"), day=day)
        case Opening.CLOSED:
            return say(N_("the office is closed on {day}"), day=day)
        case _:
            named = _weekday(day) in office.changes.window
            return None if named else say(N_("changes do not begin on this day of the week"))


def _frozen(freezes: tuple[Freeze, ...], day: dt.date) -> Sentence | None:
    for freeze in freezes:
        if freeze.until is None:
            return say(N_("{who} has frozen all changes: {why}"), who=freeze.by, why=freeze.why)
        if day <= freeze.until:
            message = N_("{who} has frozen all changes until {until}: {why}")
            return say(message, who=freeze.by, until=freeze.until, why=freeze.why)
    return None


def _opens_next(office: Office, freezes: tuple[Freeze, ...], local: dt.datetime) -> dt.datetime | None:
    for ahead in range(_AHEAD):
        day = local.date() + dt.timedelta(days=ahead)
        if _frozen(freezes, day) or _day_off(office, day):
            continue
        if (begins := _at(office, day, 0)) > local:
            return begins
    return None


def _at(office: Office, day: dt.date, side: int) -> dt.datetime:
    return dt.datetime.combine(day, hours_of(office, _weekday(day))[side], ZoneInfo(office.calendar.timezone))


def _weekday(day: dt.date) -> Weekday:
    return _DAYS[day.weekday()]
