"""The lines of polled devices, made once a poll and kept: whoever scrapes gets them put together, not made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inventory.model import Office
from monitor.exposition import lines
from monitor.snmp.ageing import holds_until, still
from monitor.snmp.exporter import METRICS, SHARED
from monitor.snmp.model import Polled
from monitor.snmp.sight import Sight, places

__all__ = ["DeviceTexts"]


_ALL = (*SHARED, *METRICS)
_TOGETHER = 64
"""Devices whose lines are kept joined: to walk half a million of them one by one takes longer than to copy them."""


class DeviceTexts:
    """By metric and device. Used from one event loop."""

    def __init__(self, office: Office, polled: Iterable[Polled] = ()) -> None:
        self._places = places(office)
        self._shelves = tuple(_Shelf() for _ in range(-(-len(self._places) // _TOGETHER)))
        self._shelf_of = {device: self._shelves[number // _TOGETHER] for number, device in enumerate(self._places)}
        self._proving: dict[str, Polled] = {}
        """Those that will be too old one day."""
        self._look_at: dt.datetime | None = None
        """Before then none of them is."""
        for each in polled:
            self.put(each)

    def put(self, polled: Polled) -> None:
        """Make the lines of a device anew. One that the inventory does not have is not exported."""
        if polled.device not in self._places:
            return
        self._write(polled)
        self._proving.pop(polled.device, None)
        if (end := holds_until(polled)) is not None:
            self._proving[polled.device] = polled
            self._look_at = end if self._look_at is None else min(self._look_at, end)

    def lines(self, at: dt.datetime) -> Mapping[str, Sequence[bytes]]:
        """By metric all lines of devices that have any, at this instant."""
        if self._look_at is not None and at > self._look_at:
            self._age(at)
        found: dict[str, list[bytes]] = {metric.name: [] for metric in _ALL}
        for shelf in self._shelves:
            for name, text in shelf.joined.items():
                found[name].append(text)
        return found

    def _age(self, at: dt.datetime) -> None:
        for polled in tuple(self._proving.values()):
            if (now := still(polled, at)) is not polled:
                self._write(now)
                del self._proving[polled.device]
        self._look_at = min(
            (end for each in self._proving.values() if (end := holds_until(each)) is not None), default=None
        )

    def _write(self, polled: Polled) -> None:
        sight, shelf = Sight(self._places[polled.device], polled), self._shelf_of[polled.device]
        for metric in _ALL:
            shelf.put(metric.name, polled.device, lines(metric, sight).encode())


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Lines of some devices, by metric and device; and joined."""

    lines: dict[str, dict[str, bytes]] = field(default_factory=lambda: {metric.name: {} for metric in _ALL})
    joined: dict[str, bytes] = field(default_factory=dict)

    def put(self, metric: str, device: str, text: bytes) -> None:
        by_device = self.lines[metric]
        if by_device.get(device, b"") != text:
            by_device[device] = text
            self.joined[metric] = b"".join(by_device.values())
