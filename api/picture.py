"""What people and programs are shown: the office, what is watched of it, what was judged, at one moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from api.tally import Tally
from inventory.model import Office
from monitor.compliance.model import Report
from monitor.explained import Explaining
from monitor.results import Event, ProbeExchange, State, Watched
from monitor.snmp.model import Polled
from monitor.snmp.texts import DeviceTexts

__all__ = ["Exchanges", "Explainer", "Picture", "Pictures", "explained"]


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
    polled: Mapping[str, Polled] = field(default_factory=dict)
    """Every device that is read by SNMP, by name: unknown where nothing was heard, or nothing fresh."""
    texts: DeviceTexts | None = None
    """The metrics of those devices, made when they were polled; without them they are made when they are asked for."""
    tally: Tally | None = None
    """What stands at the desk; None when the work has not told for a while."""


@dataclass(frozen=True, slots=True)
class Exchanges:
    """The last exchanges of a probe, newest first, and apart from them the last that failed."""

    last: tuple[ProbeExchange, ...]
    failures: tuple[ProbeExchange, ...]


def explained(picture: Picture, explaining: Explaining) -> Mapping[str, str]:
    """What follows from what in a picture: subject -> cause."""
    followed = {device.device for device in picture.watched.devices}
    polled = [each for name, each in picture.polled.items() if name not in followed]
    silent = [each.device for each in polled if each.state is State.DOWN]
    unsure = [each.device for each in polled if each.state is State.UNKNOWN]
    return explaining.explained(picture.watched, silent, unsure)


class Explainer:
    """What follows from what, picture by picture; what needs what is worked out once for an inventory."""

    def __init__(self) -> None:
        self._office: Office | None = None
        self._explaining: Explaining | None = None

    def of(self, office: Office) -> Explaining:
        """What needs what in an office."""
        if self._explaining is None or office is not self._office:
            self._office, self._explaining = office, Explaining.of(office)
        return self._explaining

    def explained(self, picture: Picture) -> Mapping[str, str]:
        """What follows from what in a picture: subject -> cause."""
        return explained(picture, self.of(picture.office))


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
