"""The clock on the wall is watched: where it was set, the audit says so, since times before and after do not fit."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass

from api.chain import Deed
from api.store.ledger import Ledger

__all__ = ["EVERY_S", "Leaps"]

EVERY_S = 5.0
_NOTICED_S = 30.0
"""Less is what a time server puts right by itself."""


@dataclass(slots=True)
class Leaps:
    """To be called every `EVERY_S`: holds the wall's clock against the one that nobody can set.

    A machine that slept has leapt, too: that other clock stands still meanwhile.
    """

    ledger: Ledger
    wall: Callable[[], dt.datetime]
    steady: Callable[[], float] = time.monotonic
    _began: float | None = None
    """What the wall's clock showed when the steady one began, as it was seen last."""

    def __call__(self) -> float:
        """By how many seconds it has leapt since the last call; 0.0 for less than anybody has to know."""
        began = self.wall().timestamp() - self.steady()
        leap = 0.0 if self._began is None else began - self._began
        if abs(leap) < _NOTICED_S:
            self._began = began
            return 0.0
        deed = Deed(
            who="schedule:clock",
            origin="schedule",
            action="clock.leap",
            subject="clock",
            detail={"seconds": f"{leap:+.0f}"},
        )
        self.ledger.write(deed)
        self._began = began
        return leap
