"""What people and programs are shown: the office, what is watched of it, what was judged, at one moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from api.tally import Tally
from inventory.model import Office
from monitor.compliance.model import Report
from monitor.results import Event, ProbeExchange, Watched

__all__ = ["Exchanges", "Picture", "Pictures"]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything at one moment. `watched` is never missing: without a watch everything in it is unknown."""

    office: Office
    at: dt.datetime
    """Now, UTC."""
    watched: Watched
    """As last heard of the watch, its ages brought up to now; what has grown stale meanwhile is unknown."""
    silent_s: float | None
    """Seconds since the watch was last heard of; None when it never was."""
    report: Report | None
    """The newest check, or None before the first."""
    events: tuple[Event, ...]
    """The newest first."""
    store_problem: str
    """Empty while the store can be read."""
    maintenance: str
    """Why the office is in maintenance; empty when it is not."""
    tally: Tally | None = None
    """What stands at the desk; None when the work has not told for a while."""


@dataclass(frozen=True, slots=True)
class Exchanges:
    """The last exchanges of a probe, newest first, and apart from them the last that failed."""

    last: tuple[ProbeExchange, ...]
    failures: tuple[ProbeExchange, ...]


class Pictures(Protocol):
    """Where pictures come from. Used from one event loop."""

    def now(self) -> Picture:
        """The picture of this moment."""
        ...

    async def changed(self, seen: int, timeout_s: float) -> int:
        """Wait until there is a newer picture than number `seen`, or the time is over; the newest number."""
        ...

    async def exchanges(self, probe: str) -> Exchanges | None:
        """The exchanges of a probe; None when there is no such probe, or the watch does not answer."""
        ...
