"""The clock on the wall is set by a day while a change is made: no step is lost, none is done twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.changes.model import ChangeState
from api.changes.shelf import CHANGES
from api.store.ledger import Ledger
from tests.api.work.fleet import Fleet
from tests.api.work.plans import approve, plan
from tests.api.work.truth import lies
from tests.api.work.worker import Leap, Shift, begin

KEY = "p-20261123-0001"
DAY_S = 86_400.0
LIMIT_S = 60


def work(shift: Shift) -> int | None:
    process = begin(shift)
    process.join(LIMIT_S)
    return process.exitcode


@pytest.mark.parametrize("seconds", [DAY_S, -DAY_S])
def test_a_change_does_not_depend_on_what_the_clock_shows(
    tmp_path: Path, fleet: Fleet, ledger: Ledger, before: dict[str, dict[str, str]], seconds: float
) -> None:
    """Set in the midst of it; then killed, and gone on with by one whose clock was set the other way."""
    approve(ledger, plan(KEY, [("gw-b",), ("gw-c", "gw-k")]))
    assert work(Shift(tmp_path, fleet.socket, die=24, leap=Leap(16, seconds))) == -9
    assert work(Shift(tmp_path, fleet.socket, leap=Leap(0, -seconds))) is not None
    assert lies(ledger, fleet, KEY, before) == []
    kept = ledger.get(CHANGES, KEY)
    assert kept is not None
    assert kept.value.state is ChangeState.DONE
    assert [device.calls.count("commit") for device in fleet.devices.values()] == [1, 1, 1]
