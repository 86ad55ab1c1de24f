"""The clock on the wall set by a day while a change is made, over devices in memory: nobody sets the machine's."""

from __future__ import annotations

import itertools
import signal

from kills import KEY, WAVES, place
from table import Row, expect

from api.changes.shelf import CHANGES
from tests.api.work.plans import approve, plan
from tests.api.work.worker import Leap

__all__ = ["ROWS"]

_DAY_S = 86_400.0
_LATER = 7
"""So many points after the clock was set the work is killed."""


def _set_at(point: int, seconds: float) -> bool:
    """Set at one point, killed a little later, gone on with by a work whose clock was set the other way. False: it had
    ended before.
    """
    with place() as here:
        before = here.fleet.running()
        approve(here.ledger, plan(KEY, WAVES))
        if here.work(die=point + _LATER, leap=Leap(point, seconds)) != -int(signal.SIGKILL):
            return False
        here.work(leap=Leap(0, -seconds))
        here.true(KEY, before)
        kept = here.ledger.get(CHANGES, KEY)
        expect("a change that is done", holds=kept is not None and kept.value.state == "done", seen=kept)
    return True


def _leaps(seconds: float) -> str:
    points = list(itertools.takewhile(lambda point: _set_at(point, seconds), itertools.count(1, 6)))
    expect("several points", holds=len(points) >= 5, seen=len(points))
    return f"set at {len(points)} points, then killed and started with a clock set back to front: every change was done"


ROWS = (
    Row("the clock set ahead by a day", lambda: _leaps(_DAY_S)),
    Row("the clock set back by a day", lambda: _leaps(-_DAY_S)),
)
