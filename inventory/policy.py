"""The oracle: a plain reading of what the flows of an office allow, to hold rendered firewalls against.

How a flow is read:

* A flow allows traffic from each of its sources to each of its destinations on each port of its services.
* `zone:x` is every network of the zone, `zone:x@b` the one in building b; a gateway's own addresses are not in it.
* `device:x` is the device's address. `channel:x` is the addresses pinned for the channel, and no others.
* `gateways` is every managed gateway: as a source at each of its addresses, as a destination at its inner ones only
  (nothing reaches a gateway's WAN address by a flow; IKE and ESP between tunnel ends are not flows).
* `lines` is, as a destination, the address of every line in another building than the sender's: so an office looks at
  itself from outside. As a source it is nothing. (A line of the sender's own building is only seen from inside there.)
* `internet` is every public address but those of the office's WANs, of far tunnel networks and those pinned for a
  channel: a platform is reached only by a flow that names it. As a source it is nothing: nothing is let in.
* A flow holds through the day of its `until`. A flow that needs an unknown port, or a channel without any pinned
  address, is not rendered at all.

Two hosts of one network speak past every gateway: no verdict is meant for them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import NamedTuple

from inventory.model import Device, Endpoint, EndpointKind, Flow, Office, PortSpec
from inventory.words import gettext as _

__all__ = ["NOT_PUBLIC", "Oracle", "Unrendered", "Verdict", "unrendered"]

NOT_PUBLIC = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
    )
)
"""Never meant by "internet"."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a packet that opens a connection."""

    flow: Flow | None
    """The first flow that allows it; None means denied."""

    @property
    def allowed(self) -> bool:
        """Whether any flow allows it."""
        return self.flow is not None


class Unrendered(NamedTuple):
    """A flow that no configuration contains, and why."""

    flow: Flow
    reason: str


class Oracle:
    """Answers for one office on one day. Reads the office once; ask it as often as you like."""

    def __init__(self, office: Office, today: dt.date) -> None:
        self._book = _book(office)
        self._open = tuple(
            (
                flow,
                flow.sources,
                flow.destinations,
                tuple(s for name in flow.services for s in office.service(name).specs),
            )
            for flow in office.flows
            if _why_unrendered(office, flow, today) is None
        )

    def verdict(self, source: IPv4Address, destination: IPv4Address, protocol: str, port: int) -> Verdict:
        """Whether a new connection is allowed. `protocol` is tcp, udp or icmp; for icmp (echo) `port` is 0."""
        for flow, sources, destinations, specs in self._open:
            if (
                any(_carries(spec, protocol, port) for spec in specs)
                and any(self._book.is_source(end, source) for end in sources)
                and any(self._book.is_destination(end, destination, source) for end in destinations)
            ):
                return Verdict(flow)
        return Verdict(None)


def unrendered(office: Office, today: dt.date) -> tuple[Unrendered, ...]:
    """The flows that are listed but not rendered, with the reason."""
    reasons = ((flow, _why_unrendered(office, flow, today)) for flow in office.flows)
    return tuple(Unrendered(flow, reason) for flow, reason in reasons if reason is not None)


def _why_unrendered(office: Office, flow: Flow, today: dt.date) -> str | None:
    if flow.until is not None and flow.until < today:
        return _("its date has passed: {until}").format(until=flow.until)
    for service in flow.services:
        if not office.service(service).known:
            return _("the ports of service {service} are unknown").format(service=service)
    for end in (*flow.sources, *flow.destinations):
        if end.kind is EndpointKind.CHANNEL and not _pinned(office, end.name):
            return _("channel {channel} has no pinned address").format(channel=end.name)
    return None


def _carries(spec: PortSpec, protocol: str, port: int) -> bool:
    return spec.protocol == protocol and spec.first <= port <= spec.last


def _pinned(office: Office, channel: str) -> frozenset[IPv4Address]:
    return frozenset(address for endpoint in office.channel(channel).endpoints for address in endpoint.pinned)


@dataclass(frozen=True, slots=True)
class _Book:
    """The addresses of an office, by what a flow may call them."""

    office: Office
    devices: Mapping[str, IPv4Address | None]
    inner: frozenset[IPv4Address]
    outer: frozenset[IPv4Address]
    not_internet: tuple[IPv4Network, ...]
    pinned: frozenset[IPv4Address]

    def is_source(self, end: Endpoint, address: IPv4Address) -> bool:
        if end.kind is EndpointKind.GATEWAYS:
            return address in self.inner or address in self.outer
        if end.kind in {EndpointKind.INTERNET, EndpointKind.LINES}:
            return False
        return self._is(end, address)

    def is_destination(self, end: Endpoint, address: IPv4Address, source: IPv4Address) -> bool:
        if end.kind is EndpointKind.GATEWAYS:
            return address in self.inner
        if end.kind is EndpointKind.LINES:
            return any(
                wan.address == address and not self._in_building(wan.building, source) for wan in self.office.wans
            )
        return self._is(end, address)

    def _is(self, end: Endpoint, address: IPv4Address) -> bool:
        match end.kind:
            case EndpointKind.DEVICE:
                return self.devices[end.name] == address
            case EndpointKind.CHANNEL:
                return address in _pinned(self.office, end.name)
            case EndpointKind.INTERNET:
                return self._is_internet(address)
            case _:
                return address not in self.inner and self._in_zone(end, address)

    def _in_zone(self, end: Endpoint, address: IPv4Address) -> bool:
        prefixes = self.office.zone(end.name).prefixes
        return any(address in p.network for p in prefixes if end.building in {None, p.building})

    def _in_building(self, building: str, address: IPv4Address) -> bool:
        networks = (self.office.building(building).prefix, *self.office.networks_in(building))
        lines = (wan.address for wan in self.office.wans if wan.building == building)
        return address in lines or any(address in network for network in networks)

    def _is_internet(self, address: IPv4Address) -> bool:
        if address in self.outer or address in self.pinned:
            return False
        return not any(address in network for network in self.not_internet)


def _book(office: Office) -> _Book:
    managed = office.gateways
    inner = {address for device in managed for address in _inner_addresses(office, device)}
    outer = {wan.address for wan in office.wans if wan.address is not None}
    far = (network for tunnel in office.tunnels for end in tunnel.ends for network in end.networks)
    pinned = (address for channel in office.channels for address in _pinned(office, channel.name))
    return _Book(
        office=office,
        devices={device.name: device.address for device in office.devices},
        inner=frozenset(inner),
        outer=frozenset(outer),
        not_internet=(*NOT_PUBLIC, *office.prefixes, *far),
        pinned=frozenset(pinned),
    )


def _inner_addresses(office: Office, device: Device) -> set[IPv4Address]:
    """A gateway's address in each zone it has a port in, and the one fosa reaches it by."""
    zones = {port.zone for port in device.ports if port.zone is not None}
    prefixes = (office.zone(name).prefix_in(device.building) for name in zones)
    addresses = {prefix.gateway_address for prefix in prefixes if prefix is not None}
    return addresses if device.address is None else addresses | {device.address}
