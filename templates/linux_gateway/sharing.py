"""What the two gateways of a pair hold one at a time, and how they agree on who does."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.errors import RenderError
from inventory.model import Device, Office
from inventory.pairs import Pair, pair_of
from inventory.words import gettext as _
from templates.linux_gateway.ports import WanPort, ZonePort

__all__ = ["Sharing", "Tracked", "sharing"]

_PRIORITY = 100
"""Of both: who works goes on working when the other one comes back, since only a higher priority takes over (RFC 5798,
section 6.4.2). Who has lost a line or a zone has a lower one."""
_OF_LINE, _OF_SECOND_LINE, _OF_ZONES = 20, 10, 40


@dataclass(frozen=True, slots=True)
class Tracked:
    """An interface, and how much less a gateway is worth without it."""

    interface: str
    weight: int


@dataclass(frozen=True, slots=True)
class Sharing:
    """One of the two, seen from it. They speak to each other in the zone they are managed in."""

    mate: str
    own: IPv4Address
    mate_address: IPv4Address
    meeting: ZonePort
    """The zone's port there; its `address` is the one that whoever works holds."""
    group: int
    """VRRP's number for the pair, among those that may share a wire."""
    late: bool
    """Whether it waits a little when it starts, so that of two that start at once the other one works."""
    priority: int
    tracked: tuple[Tracked, ...]
    """How many of them are lost decides who works, and where both have lost the same, nothing changes."""


def sharing(office: Office, device: Device, zones: tuple[ZonePort, ...], wans: tuple[WanPort, ...]) -> Sharing | None:
    """None for a gateway that is alone."""
    pair = pair_of(office, device.name)
    if pair is None:
        return None
    mate = pair.mate(device.name)
    meeting = next((port for port in zones if port.zone == device.zone), None)
    if meeting is None or device.address is None or mate.address is None:
        message = _("{device} has no port or no address of its own where the pair meets")
        raise RenderError(message.format(device=device.name))
    return Sharing(
        mate=mate.name,
        own=device.address,
        mate_address=mate.address,
        meeting=meeting,
        group=_group(office, pair),
        late=device.name == pair.standby.name,
        priority=_PRIORITY,
        tracked=_tracked(meeting, zones, wans),
    )


def _group(office: Office, pair: Pair) -> int:
    return 1 + [building.name for building in office.buildings].index(pair.first.building) % 255


def _tracked(meeting: ZonePort, zones: tuple[ZonePort, ...], wans: tuple[WanPort, ...]) -> tuple[Tracked, ...]:
    """Without the zone they meet in a gateway is out at once; VRRP tracks that by itself."""
    others = [port.interface for port in zones if port is not meeting]
    each = max(1, _OF_ZONES // max(1, len(others)))
    lines = (Tracked(wan.interface, _OF_SECOND_LINE if wan.backup else _OF_LINE) for wan in wans)
    return (*lines, *(Tracked(name, each) for name in others))
