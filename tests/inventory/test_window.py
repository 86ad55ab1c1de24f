"""When changes may begin."""

import datetime as dt
from pathlib import Path

import pytest

from inventory.model import Calendar, Changes, Hours, Office, Weekday
from inventory.window import Closed, Freeze, Open, window
from tests.inventory.offices import broken, lines_of, office_in

FREEZE = Freeze(
    why="payments run", by="ewa", since=dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC), until=dt.date(2026, 11, 24)
)


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return office_in(tmp_path).require()


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23T07:30+01:00", "2026-11-23T15:30+01:00"),
        ("2026-11-23T06:30+00:00", "2026-11-23T15:30+01:00"),
        ("2026-11-27T12:59+01:00", "2026-11-27T13:00+01:00"),
        ("2026-07-01T15:29+02:00", "2026-07-01T15:30+02:00"),
    ],
)
def test_it_is_open_in_working_hours_and_on_fridays_until_one(office: Office, now: str, until: str) -> None:
    assert window(office, (), moment(now)) == Open(moment(until))


@pytest.mark.parametrize(
    ("now", "reason", "until"),
    [
        ("2026-11-23T07:29+01:00", "changes begin between 07:30 and 15:30 today", "2026-11-23T07:30+01:00"),
        ("2026-11-27T13:00+01:00", "changes begin between 07:30 and 13:00 today", "2026-11-30T07:30+01:00"),
        ("2026-11-28T10:00+01:00", "changes do not begin on this day of the week", "2026-11-30T07:30+01:00"),
        ("2026-11-11T10:00+01:00", "2026-11-11 is a public holiday", "2026-11-12T07:30+01:00"),
        # Thursday's closing time, then a Friday off, and the clock goes back over the weekend.
        ("2026-10-22T15:30+02:00", "changes begin between 07:30 and 15:30 today", "2026-10-26T07:30+01:00"),
    ],
)
def test_it_is_closed_with_a_reason_and_an_end(office: Office, now: str, reason: str, until: str) -> None:
    office = office.model_copy(update={"calendar": Calendar(closed=(dt.date(2026, 10, 23),))})
    found = window(office, (), moment(now))
    assert isinstance(found, Closed)
    assert (str(found.reason), found.until) == (reason, moment(until))


def test_a_freeze_closes_it_to_the_end_of_its_last_day(office: Office) -> None:
    found = window(office, (FREEZE,), moment("2026-11-24T10:00+01:00"))
    assert isinstance(found, Closed)
    assert str(found.reason) == "ewa has frozen all changes until 2026-11-24: payments run"
    assert found.until == moment("2026-11-25T07:30+01:00")
    assert isinstance(window(office, (FREEZE,), moment("2026-11-25T10:00+01:00")), Open)


def test_a_freeze_without_an_end_has_no_next_opening(office: Office) -> None:
    endless = FREEZE.model_copy(update={"until": None})
    found = window(office, (endless,), moment("2026-11-24T10:00+01:00"))
    assert isinstance(found, Closed)
    assert found.until is None


def test_an_office_may_open_a_saturday_and_nothing_else(office: Office) -> None:
    hours = {Weekday.SAT: Hours(begins=dt.time(9), ends=dt.time(11))}
    office = office.model_copy(update={"changes": Changes(window=hours)})
    assert isinstance(window(office, (), moment("2026-11-28T10:00+01:00")), Open)
    assert isinstance(window(office, (), moment("2026-11-23T10:00+01:00")), Closed)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        (
            "{window: {mon: {begins: '15:00', ends: '09:00'}}}",
            "changes.window.mon: the window ends (09:00) before it begins (15:00)",
        ),
        ("{canary: adm}", "changes.canary: fosa does not configure adm"),
        ("{canary: gw-q}", "changes.canary: there is no device gw-q; did you mean gw-k?"),
        ("{window: {}}", "changes.window: no day is named: changes begin only when somebody says so"),
        (
            "{window: {pon: {}}}",
            "changes.window.pon: must be one of: mon, tue, wed, thu, fri, sat, sun; found the text 'pon'",
        ),
        ("{plan_days: 0}", "changes.plan_days: must be at least 1; found the number 0"),
    ],
)
def test_the_check_refuses_rules_no_change_could_keep(tmp_path: Path, changes: str, fault: str) -> None:
    loaded = office_in(tmp_path, broken("\nnetwork:\n", f"\nchanges: {changes}\nnetwork:\n"))
    assert [line.split(": ", 1)[1] for line in lines_of(loaded)] == [fault]
