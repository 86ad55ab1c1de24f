"""A daily duty: due, done, missed, or not known."""

import datetime as dt

import pytest

from inventory.model import Calendar, DailyDuty
from monitor.duty import Noted, judge_duty, next_deadline
from monitor.results import State

DUTY, CALENDAR = DailyDuty(), Calendar(closed=(dt.date(2026, 11, 27),))
LONG_AGO = "2026-11-01T00:00+01:00"


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("now", "newest", "since", "expected"),
    [
        # Monday, 23 November 2026: asked today; or not yet, and it is early, time, late.
        ("2026-11-23T16:00+01:00", "2026-11-23T08:00+01:00", LONG_AGO, State.UP),
        ("2026-11-23T11:59+01:00", "2026-11-20T08:00+01:00", LONG_AGO, State.UP),
        ("2026-11-23T12:00+01:00", "2026-11-20T08:00+01:00", LONG_AGO, State.DEGRADED),
        ("2026-11-23T14:59+01:00", "2026-11-20T08:00+01:00", LONG_AGO, State.DEGRADED),
        ("2026-11-23T15:00+01:00", "2026-11-20T08:00+01:00", LONG_AGO, State.DOWN),
        # A day that was missed stays missed: the next morning, over the weekend, until somebody asks.
        ("2026-11-24T07:00+01:00", "2026-11-20T08:00+01:00", LONG_AGO, State.DOWN),
        ("2026-11-22T10:00+01:00", "2026-11-19T08:00+01:00", LONG_AGO, State.DOWN),
        ("2026-11-22T10:00+01:00", "2026-11-20T23:00+01:00", LONG_AGO, State.UP),
        ("2026-11-22T10:00+01:00", "2026-11-21T10:00+01:00", LONG_AGO, State.UP),
        # A holiday, and a day of the office's own, ask for nothing.
        ("2026-11-11T16:00+01:00", "2026-11-10T08:00+01:00", LONG_AGO, State.UP),
        ("2026-11-27T16:00+01:00", "2026-11-26T08:00+01:00", LONG_AGO, State.UP),
        # Never, as long as anybody has taken note; or since a moment that proves nothing of the day.
        ("2026-11-23T15:30+01:00", None, LONG_AGO, State.DOWN),
        ("2026-11-23T15:30+01:00", None, "2026-11-23T09:00+01:00", State.UNKNOWN),
        ("2026-11-23T12:30+01:00", "2026-11-20T08:00+01:00", "2026-11-23T09:00+01:00", State.UNKNOWN),
        ("2026-11-23T09:30+01:00", None, "2026-11-23T09:00+01:00", State.UNKNOWN),
        # Its own time, in summer as well.
        ("2026-07-06T12:59+00:00", "2026-07-03T08:00+02:00", "2026-07-01T00:00+02:00", State.DEGRADED),
        ("2026-07-06T13:00+00:00", "2026-07-03T08:00+02:00", "2026-07-01T00:00+02:00", State.DOWN),
    ],
)
def test_a_duty_is_met_due_missed_or_unknown(now: str, newest: str | None, since: str, expected: State) -> None:
    noted = Noted(None if newest is None else _at(newest), _at(since))
    state, cause = judge_duty(DUTY, CALENDAR, noted, _at(now))
    assert state is expected, str(cause)


def test_an_office_that_never_opens_owes_nothing() -> None:
    days = tuple(dt.date(2026, 9, 1) + dt.timedelta(days=n) for n in range(200))
    state, _cause = judge_duty(DUTY, Calendar(closed=days), Noted(None, _at(LONG_AGO)), _at("2026-11-23T16:00+01:00"))
    assert state is State.UP


@pytest.mark.parametrize(
    ("now", "newest", "expected"),
    [
        ("2026-11-23T08:00+01:00", "2026-11-20T08:00+01:00", "2026-11-23T12:00+01:00"),
        ("2026-11-23T13:00+01:00", None, "2026-11-23T15:00+01:00"),
        ("2026-11-23T16:00+01:00", "2026-11-20T08:00+01:00", "2026-11-23T15:00+01:00"),
        ("2026-11-23T08:00+01:00", "2026-11-23T07:59+01:00", "2026-11-24T12:00+01:00"),
        ("2026-11-26T08:00+01:00", "2026-11-26T07:59+01:00", "2026-11-30T12:00+01:00"),
    ],
)
def test_the_next_deadline_is_the_nearest_that_is_still_owed(now: str, newest: str | None, expected: str) -> None:
    found = next_deadline(DUTY, CALENDAR, None if newest is None else _at(newest), _at(now))
    assert found == _at(expected)
