"""When the office is open."""

import datetime as dt

import pytest

from inventory.calendar import Opening, opening
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
