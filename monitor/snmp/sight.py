"""A polled device as it is exported: what the inventory says of it, beside what the poll has found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from inventory.depends import depends_on
from inventory.model import Device, Office
from monitor.results import State
from monitor.snmp.model import Figures, Polled, Port

__all__ = ["Place", "Sight", "places", "uplinks"]

_UPLINKS = 2
_PORT = re.compile(r"([^\W\d_]*)[-_ ]*(.*)\Z", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """What the inventory says of a device."""

    office: str
    device: str
    kind: str
    building: str
    vendor: str
    model: str
    firmware: str
    uplinks: tuple[str, ...]
    """Ports towards the manager, as the inventory calls them."""
    followed: bool
    """Whether it is a gateway, whose state is known otherwise, and at once."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A device at its last poll."""

    place: Place
    polled: Polled

    @property
    def labels(self) -> tuple[str, str]:
        """What every metric of a device bears."""
        return self.place.office, self.place.device

    @property
    def figures(self) -> Figures | None:
        """What it has told, while that holds."""
        return self.polled.figures if self.polled.state is not State.UNKNOWN else None


def places(office: Office) -> Mapping[str, Place]:
    """Of every device."""
    needs = depends_on(office)
    followed = {device.name for device in office.gateways}
    return {
        device.name: Place(
            office=office.name,
            device=device.name,
            kind=device.kind.value,
            building=device.building,
            vendor=device.vendor or "",
            model=device.model or "",
            firmware=device.firmware or "",
            uplinks=tuple(dict.fromkeys(_towards(office, device, needs.get(f"device:{device.name}", ())))),
            followed=device.name in followed,
        )
        for device in office.devices
    }


def _towards(office: Office, device: Device, needs: Iterable[str]) -> Iterator[str]:
    wanted = {need.removeprefix("device:") for need in needs}
    for ports in device.switch_ports:
        if ports.uplink and ports.label in wanted:
            yield from ports.names
    for link in office.links:
        for end, other in (link.ends, link.ends[::-1]):
            if end.device == device.name and other.device in wanted:
                yield end.port


def uplinks(sight: Sight) -> tuple[Port, ...]:
    """The ports towards the manager, two at most: those the inventory names, else the only one a cable is put into."""
    if sight.figures is None:
        return ()
    ports = [port for port in sight.figures.ports if port.counters is not None]
    named = [port for port in ports if any(_same(port.name, name) for name in sight.place.uplinks)]
    physical = [port for port in ports if port.physical]
    return tuple(named[:_UPLINKS]) or (tuple(physical) if len(physical) == 1 else ())


def _same(one: str, other: str) -> bool:
    """`Gi1/0/24` and `GigabitEthernet1/0/24` are one port: a name may be cut short before its number."""
    (word, number), (word2, number2) = _parted(one), _parted(other)
    return number == number2 and (word.startswith(word2) or word2.startswith(word)) and bool(word) == bool(word2)


def _parted(name: str) -> tuple[str, str]:
    found = _PORT.match(name.lower())
    assert found is not None  # noqa: S101  both groups may be empty
    return found[1], found[2]
