"""When somebody must hear that a certificate ends."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.keys.model import Certificate, Known, Level
from api.keys.register import THRESHOLDS, due, named, standing, superseded

TODAY = dt.date(2026, 11, 23)


def certificate(days: int, **more: object) -> Certificate:
    end = dt.datetime.combine(TODAY + dt.timedelta(days=days), dt.time(12), dt.UTC)
    values = {
        "fingerprint": f"{days % 997:064x}",
        "serial": "1f",
        "subject": "CN=x",
        "issuer": "CN=y",
        "identities": (),
        "not_before": end - dt.timedelta(days=365),
        "not_after": end,
        "known": Known.ISSUED,
        "where": "gw-b",
    }
    return Certificate.model_validate({**values, **more})


@pytest.mark.parametrize(
    ("days", "threshold", "level"),
    [
        (91, 91, Level.FINE),
        (90, 90, Level.SOON),
        (61, 90, Level.SOON),
        (60, 60, Level.SOON),
        (45, 45, Level.SOON),
        (30, 30, Level.SOON),
        (15, 30, Level.SOON),
        (14, 14, Level.URGENT),
        (7, 7, Level.URGENT),
        (1, 7, Level.URGENT),
        (0, 0, Level.OVER),
        (-5, 0, Level.OVER),
    ],
)
def test_each_threshold_is_passed_on_its_day(days: int, threshold: int, level: Level) -> None:
    found = standing(certificate(days), TODAY)
    assert (found.days, found.threshold, found.level) == (days, threshold, level)


@given(st.integers(-400, 4000), st.integers(0, 365))
def test_the_issuers_time_is_taken_off(days: int, lead: int) -> None:
    assert standing(certificate(days, lead_days=lead), TODAY).days == days - lead
    assert (standing(certificate(days, lead_days=lead), TODAY).level is Level.FINE) == (days - lead > max(THRESHOLDS))


def test_the_most_urgent_comes_first_and_what_is_over_with_does_not_come() -> None:
    gone = certificate(3, gone=True)
    revoked = certificate(4, revoked_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    rows = due([certificate(80), certificate(300), gone, revoked, certificate(5), certificate(-1)], TODAY)
    assert [row.days for row in rows] == [-1, 5, 80]


@pytest.mark.parametrize("written", ["1f", "1F", "0x1f", "00:1F", "001f"])
def test_a_serial_number_is_found_however_it_is_written(written: str) -> None:
    assert named([certificate(5)], written)
    assert not named([certificate(5, known=Known.IMPORTED)], written)
    assert not named([certificate(5)], "1e")


def test_what_a_gateway_no_longer_has_is_replaced_but_not_what_is_on_its_way() -> None:
    old, current, newer = certificate(100), certificate(200), certificate(300)
    assert superseded([old, current, newer], "gw-b", [current]) == (old,)
    assert superseded([old, current], "gw-c", [current]) == ()
    assert superseded([old], "gw-b", []) == ()
    assert superseded([old, current], "gw-b", [current], [old]) == ()
