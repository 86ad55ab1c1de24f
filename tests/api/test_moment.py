"""Times on the command line are the office's."""

import datetime as dt
import time

import pytest

from api.cli.moment import local, when


@pytest.mark.parametrize("machine", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_the_clock_of_the_machine_does_not_matter(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", machine)
        time.tzset()
        assert when(dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)) == "2026-11-23 00:30"
        assert local(dt.datetime(2026, 7, 1, 6, tzinfo=dt.UTC)).isoformat() == "2026-07-01T08:00:00+02:00"
    time.tzset()
