"""What is owed every working day: whether it has been done in time, and by when next. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from inventory.calendar import working_day, works
from inventory.model import Calendar, DailyDuty
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.results import State

__all__ = ["AGE", "Noted", "judge_duty", "next_deadline"]

AGE = "asked_age_seconds"
"""What is measured of it: since the platform last answered a domain system."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What is known of when it was done. Instants are aware."""

    newest: dt.datetime | None
    since: dt.datetime
    """Nothing before it is known; it was done then, or was not."""


def judge_duty(duty: DailyDuty, calendar: Calendar, noted: Noted, now: dt.datetime) -> tuple[State, Sentence]:
    """DOWN once a working day has passed its late hour without it, DEGRADED from the warning hour of today on.

    UNKNOWN where it may have been done before anybody took note.
    """
    zone = ZoneInfo(calendar.timezone)
    here = now.astimezone(zone)
    today = here.date()
    open_today = works(calendar, today)
    owed = today if open_today and here.time() >= duty.late else working_day(calendar, today, onward=False)
    if owed is not None and not _done_since(noted, _midnight(owed, zone)):
        return _missed(State.DOWN, noted, owed, duty.late, zone)
    if open_today and here.time() >= duty.warn and not _done_since(noted, _midnight(today, zone)):
        return _missed(State.DEGRADED, noted, today, duty.warn, zone)
    if noted.newest is None:
        return State.UP, say(N_("nothing has been due yet"))
    return State.UP, say(N_("asked last on {when}"), when=_written(noted.newest, zone))


def next_deadline(
    duty: DailyDuty, calendar: Calendar, newest: dt.datetime | None, now: dt.datetime
) -> dt.datetime | None:
    """By when it is to be done next, which may have passed; None where no working day is in sight."""
    zone = ZoneInfo(calendar.timezone)
    here = now.astimezone(zone)
    today = here.date()
    if works(calendar, today) and (newest is None or newest < _midnight(today, zone)):
        return dt.datetime.combine(today, duty.warn if here.time() < duty.warn else duty.late, zone)
    day = working_day(calendar, today, onward=True)
    return None if day is None else dt.datetime.combine(day, duty.warn, zone)


def _done_since(noted: Noted, moment: dt.datetime) -> bool:
    return noted.newest is not None and noted.newest >= moment


def _missed(state: State, noted: Noted, day: dt.date, hour: dt.time, zone: ZoneInfo) -> tuple[State, Sentence]:
    if noted.since > _midnight(day, zone):
        text = N_("nobody has asked since {since}; whether somebody did before, nobody has noted")
        return State.UNKNOWN, say(text, since=_written(noted.since, zone))
    due = f"{day.isoformat()} {hour:%H:%M}"
    if noted.newest is None:
        text = N_("nobody asked by {due}, nor before, as far as it is noted (since {since})")
        return state, say(text, due=due, since=_written(noted.since, zone))
    return state, say(N_("nobody asked by {due}; last on {when}"), due=due, when=_written(noted.newest, zone))


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, zone)


def _written(moment: dt.datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
