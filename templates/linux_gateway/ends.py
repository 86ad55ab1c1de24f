"""The two ends of a flow as networks: where packets come from and what they may reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from inventory.errors import RenderError
from inventory.model import Device, Endpoint, EndpointKind, Office, ZonePrefix
from inventory.words import gettext as _

__all__ = ["Goal", "GoalKind", "Origin", "OriginKind", "device_address", "goals", "host", "origins", "pinned_in"]


class OriginKind(StrEnum):
    """What kind of sender opens a connection."""

    ZONE = "zone"
    CHANNEL = "channel"
    GATEWAYS = "gateways"


@dataclass(frozen=True, slots=True)
class Origin:
    """Senders of one building. `name` is the zone's or the channel's; `whole` means all of that network."""

    kind: OriginKind
    name: str
    building: str
    network: IPv4Network
    network6: IPv6Network | None = None
    whole: bool = True


class GoalKind(StrEnum):
    """What kind of receiver a connection is opened to."""

    INSIDE = "inside"
    PINNED = "pinned"
    INTERNET = "internet"
    LINE = "line"
    GATEWAYS = "gateways"


@dataclass(frozen=True, slots=True)
class Goal:
    """Receivers. Without a network: whatever the kind stands for."""

    kind: GoalKind
    network: IPv4Network | None = None
    network6: IPv6Network | None = None
    building: str | None = None


def origins(office: Office, ends: Iterable[Endpoint]) -> Iterator[Origin]:
    """The senders that the source ends of a flow name. The internet opens nothing: no address is translated inwards."""
    for end in ends:
        match end.kind:
            case EndpointKind.ZONE:
                for prefix in _prefixes(office, end):
                    yield Origin(OriginKind.ZONE, end.name, prefix.building, prefix.network, prefix.network6)
            case EndpointKind.DEVICE:
                yield from _device_origin(office, office.device(end.name))
            case EndpointKind.CHANNEL:
                yield from _channel_origins(office, end.name)
            case EndpointKind.GATEWAYS:
                for device in office.gateways:
                    if device.address is not None:
                        yield Origin(OriginKind.GATEWAYS, device.name, device.building, host(device.address))


def goals(office: Office, ends: Iterable[Endpoint]) -> Iterator[Goal]:
    """The receivers that the destination ends of a flow name."""
    for end in ends:
        match end.kind:
            case EndpointKind.ZONE:
                for prefix in _prefixes(office, end):
                    yield Goal(GoalKind.INSIDE, prefix.network, prefix.network6, prefix.building)
            case EndpointKind.DEVICE:
                yield from _device_goal(office.device(end.name))
            case EndpointKind.CHANNEL:
                for address in pinned_in(office, end.name):
                    yield Goal(GoalKind.PINNED, host(address))
            case EndpointKind.GATEWAYS:
                yield Goal(GoalKind.GATEWAYS)
            case EndpointKind.INTERNET:
                yield Goal(GoalKind.INTERNET)
            case EndpointKind.LINES:
                yield from _line_goals(office)


def host(address: IPv4Address) -> IPv4Network:
    """The network of one address."""
    return IPv4Network(address)


def device_address(office: Office, name: str) -> IPv4Address:
    """The address of a device that every gateway must know; RenderError when the inventory does not say it."""
    address = office.device(name).address
    if address is None:
        raise RenderError(_("device {name} has no address").format(name=name))
    return address


def pinned_in(office: Office, channel: str) -> tuple[IPv4Address, ...]:
    """The pinned addresses of a channel, sorted."""
    return tuple(sorted({address for endpoint in office.channel(channel).endpoints for address in endpoint.pinned}))


def _prefixes(office: Office, end: Endpoint) -> Iterator[ZonePrefix]:
    return (p for p in office.zone(end.name).prefixes if end.building in {None, p.building})


def _device_origin(office: Office, device: Device) -> Iterator[Origin]:
    """A device as a sender, in the zone its address lies in; without an address it can send nothing."""
    if device.address is None:
        return
    network = host(device.address)
    if device.gateway:
        yield Origin(OriginKind.GATEWAYS, device.name, device.building, network, whole=False)
        return
    for zone in office.zones:
        for prefix in zone.prefixes:
            if device.address in prefix.network:
                yield Origin(OriginKind.ZONE, zone.name, prefix.building, network, whole=False)


def _line_goals(office: Office) -> Iterator[Goal]:
    for wan in office.wans:
        if wan.address is not None:
            yield Goal(GoalKind.LINE, host(wan.address), building=wan.building)


def _device_goal(device: Device) -> Iterator[Goal]:
    if device.address is not None:
        kind = GoalKind.GATEWAYS if device.gateway else GoalKind.INSIDE
        yield Goal(kind, host(device.address), building=device.building)


def _channel_origins(office: Office, channel: str) -> Iterator[Origin]:
    """A platform as a sender: only out of the tunnel whose far end protects the pinned address."""
    building_of = {device.name: device.building for device in office.gateways}
    for address in pinned_in(office, channel):
        for tunnel in office.tunnels:
            for near, far in (tunnel.ends, tunnel.ends[::-1]):
                if near.device in building_of and any(address in network for network in far.networks):
                    yield Origin(OriginKind.CHANNEL, channel, building_of[near.device], host(address))
