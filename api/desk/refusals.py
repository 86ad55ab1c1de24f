"""Refusals in the audit, bounded: whoever knocks a thousand times a minute does not fill the disk with it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from api.chain import Deed
from api.store.ledger import Ledger

__all__ = ["Refusals"]

_SPAN_S, _AT_MOST = 60.0, 20
_ORIGINS = 1000


@dataclass(slots=True)
class _Count:
    begun: float
    told: int = 0
    untold: int = 0


class Refusals:
    """Tells the audit of refusals: of each origin twenty a minute, and how many it has not told, with the next."""

    def __init__(self, ledger: Ledger, clock: Callable[[], float] = time.monotonic) -> None:
        self._ledger, self._clock = ledger, clock
        self._lock = threading.Lock()
        self._counts: dict[str, _Count] = {}

    def tell(self, deed: Deed, why: str) -> None:
        """Put a refusal into the audit, unless its origin has had enough of them there."""
        with self._lock:
            untold = self._counted(deed.origin)
        if untold is None:
            return
        detail = {"why": why[:300]} | ({"untold": str(untold)} if untold else {})
        self._ledger.write(deed.model_copy(update={"result": "refused", "detail": detail}))

    def _counted(self, origin: str) -> int | None:
        """How many were left out before this one; None to leave it out, too."""
        now = self._clock()
        count = self._counts.get(origin)
        if count is None:
            self._forget(now)
            count = self._counts.setdefault(origin, _Count(now))
        if now - count.begun > _SPAN_S:
            count.begun, count.told = now, 0
        if count.told >= _AT_MOST:
            count.untold += 1
            return None
        count.told += 1
        untold, count.untold = count.untold, 0
        return untold

    def _forget(self, now: float) -> None:
        if len(self._counts) >= _ORIGINS:
            self._counts = {name: count for name, count in self._counts.items() if now - count.begun <= _SPAN_S}
