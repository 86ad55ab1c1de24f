"""Polls grown older: what no poll has renewed meanwhile is unknown."""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections.abc import Iterable, Mapping

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.results import State
from monitor.snmp.model import Polled

__all__ = ["Polls", "holds_until", "still"]


class Polls:
    """The newest poll of each device. To look at them costs what has changed, not how many there are."""

    def __init__(self, polled: Iterable[Polled] = ()) -> None:
        self._known: dict[str, Polled] = {}
        self._shown: dict[str, Polled] = {}
        """The same, without those that are too old."""
        self._ends: list[tuple[dt.datetime, str]] = []
        """A heap: when one of them was to become too old, as of each poll."""
        self._least_fresh_s = math.inf
        self._copied: Mapping[str, Polled] | None = None
        self._silenced: Mapping[str, Polled] | None = None
        for each in polled:
            self.put(each)

    def get(self, device: str) -> Polled | None:
        """As it was polled last, however long ago."""
        return self._known.get(device)

    def put(self, polled: Polled) -> None:
        """A newer poll."""
        self._known[polled.device] = self._shown[polled.device] = polled
        if (end := holds_until(polled)) is not None:
            heapq.heappush(self._ends, (end, polled.device))
        self._least_fresh_s = min(self._least_fresh_s, polled.fresh_s)
        self._copied = self._silenced = None

    def at(self, at: dt.datetime, silent_s: float = 0.0) -> Mapping[str, Polled]:
        """How every device stands at an instant, the watch silent for so long. Does not change afterwards."""
        if silent_s > self._least_fresh_s:
            return self._in_silence(at, silent_s)
        while self._ends and self._ends[0][0] < at:
            device = heapq.heappop(self._ends)[1]
            known = self._known[device]
            if (now := still(known, at)) is not known:
                self._shown[device] = now
                self._copied = None
        if self._copied is None:
            self._copied = self._shown.copy()
        return self._copied

    def _in_silence(self, at: dt.datetime, silent_s: float) -> Mapping[str, Polled]:
        if self._silenced is not None:
            return self._silenced
        found = {device: still(polled, at, silent_s) for device, polled in self._known.items()}
        if all(polled.state is State.UNKNOWN for polled in found.values()):
            self._silenced = found  # Nothing of it can change any more but by a poll.
        return found


def still(polled: Polled, at: dt.datetime, silent_s: float = 0.0) -> Polled:
    """How the device stands at an instant, the watch silent for so long: unknown where its poll is too old."""
    if polled.at is None or polled.state is State.UNKNOWN:
        return polled
    age = max(silent_s, (at - polled.at).total_seconds())
    if age <= polled.fresh_s:
        return polled
    stale = {
        "state": State.UNKNOWN,
        "cause": say(N_("the last answer is too old")),
        "problems": (),
        "since": polled.at + dt.timedelta(seconds=polled.fresh_s),
        "figures": None,
    }
    return polled.model_copy(update=stale)


def holds_until(polled: Polled) -> dt.datetime | None:
    """Until when it proves something; None when it does not anyhow."""
    if polled.at is None or polled.state is State.UNKNOWN:
        return None
    return polled.at + dt.timedelta(seconds=polled.fresh_s)
