"""When the office is open."""

import datetime as dt

import pytest
from holidays import country_holidays

from inventory.calendar import Opening, opening, working_day, works
from inventory.feasts import days_off
from inventory.model import Calendar


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T09:00+01:00", Opening.OPEN),
        ("2026-11-23T06:30+00:00", Opening.OPEN),
        ("2026-11-23T07:29+01:00", Opening.OUT_OF_HOURS),
        ("2026-11-23T15:30+01:00", Opening.OUT_OF_HOURS),
        ("2026-11-22T10:00+01:00", Opening.WEEKEND),
        ("2026-11-11T10:00+01:00", Opening.HOLIDAY),
        ("2026-04-06T10:00+02:00", Opening.HOLIDAY),
        ("2026-06-04T10:00+02:00", Opening.HOLIDAY),
        ("2026-12-24T10:00+01:00", Opening.HOLIDAY),
        ("2026-05-04T10:00+02:00", Opening.CLOSED),
    ],
)
def test_opening_knows_hours_weekends_and_polish_holidays(moment: str, expected: Opening) -> None:
    calendar = Calendar(closed=(dt.date(2026, 5, 4),))
    assert opening(calendar, dt.datetime.fromisoformat(moment)) is expected


@pytest.mark.parametrize("year", range(2019, 2100))
def test_the_days_off_are_those_that_a_library_for_all_countries_knows(year: int) -> None:
    # Of Sundays only those with a name are in either of them.
    assert days_off(year) == frozenset(country_holidays("PL", years=year))


def test_working_days_are_found_over_weekends_holidays_and_days_of_the_offices_own() -> None:
    calendar = Calendar(closed=(dt.date(2026, 12, 23),))
    assert not works(calendar, dt.date(2026, 12, 23))
    assert working_day(calendar, dt.date(2026, 12, 22), onward=True) == dt.date(2026, 12, 28)
    assert working_day(calendar, dt.date(2026, 12, 28), onward=False) == dt.date(2026, 12, 22)


def test_an_office_that_never_opens_has_no_working_day() -> None:
    days = tuple(dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(200))
    assert working_day(Calendar(closed=days), dt.date(2026, 3, 1), onward=True) is None
