"""Everything that may pass a gateway: the office's flows, and what a gateway needs to be one.

Read from the inventory anew, not through the templates: what wrote a rule set cannot be what approves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network

from inventory.model import Device, Endpoint, EndpointKind, Flow, Office
from inventory.policy import NOT_PUBLIC, unrendered
from monitor.compliance.spaces import ICMP, ICMP6, TCP, UDP, V4, V6, Fields, Grant, hosts, networks, numbers
from monitor.facts.space import Field, Ranges, Space

__all__ = ["Line", "between_gateways", "flow_grants", "inner_addresses", "own_addresses", "own_lines"]

_EVERYWHERE = IPv4Network("0.0.0.0/0")


def flow_grants(office: Office, today: dt.date) -> tuple[Grant, ...]:
    """What the flows of an office allow on one day, as `inventory.policy` reads them; the same at every gateway."""
    closed = {held.flow.name for held in unrendered(office, today)}
    book = _Book.of(office)
    return tuple(grant for flow in office.flows if flow.name not in closed for grant in _grants(office, book, flow))


def between_gateways(office: Office, today: dt.date) -> tuple[Grant, ...]:
    """What a gateway may ask another one: what the zones it stands in may ask it.

    Rule sets do not tell a gateway from the hosts of its zone there, and a gateway that lies is beyond any rule.
    """
    closed = {held.flow.name for held in unrendered(office, today)}
    book = _Book.of(office)
    return tuple(
        grant
        for flow in office.flows
        if flow.name not in closed and any(end.kind is EndpointKind.GATEWAYS for end in flow.destinations)
        for grant in _four(office, flow, book.inner & _zones(office, flow.sources), book.inner)
    )


def _zones(office: Office, ends: Iterable[Endpoint]) -> Ranges:
    """The networks of the zones among the ends, gateways' addresses included."""
    return networks(
        prefix.network
        for end in ends
        if end.kind is EndpointKind.ZONE
        for prefix in office.zone(end.name).prefixes
        if end.building in {None, prefix.building}
    )


def inner_addresses(office: Office, device: Device) -> frozenset[IPv4Address]:
    """A gateway's address in each zone it has a port in, and the one fosa reaches it by."""
    zones = {port.zone for port in device.ports if port.zone is not None}
    prefixes = (office.zone(name).prefix_in(device.building) for name in zones)
    inside = {prefix.gateway_address for prefix in prefixes if prefix is not None}
    return frozenset(inside if device.address is None else inside | {device.address})


def own_addresses(office: Office, device: Device) -> frozenset[IPv4Address]:
    """Every address of a gateway, those on its lines as far as they are known."""
    lines = (line.address for line in own_lines(office, device) if line.address is not None)
    return inner_addresses(office, device) | frozenset(lines)


def own_lines(office: Office, device: Device) -> tuple[Line, ...]:
    """The lines of a gateway, by its ports."""
    return tuple(Line(port.name, office.wan(port.wan).address) for port in device.ports if port.wan is not None)


@dataclass(frozen=True, slots=True)
class Line:
    """A line to the internet as its gateway sees it. No address: the provider gives a changing one."""

    interface: str
    address: IPv4Address | None


@dataclass(frozen=True, slots=True)
class _Book:
    """The addresses of an office, by what a flow may call them."""

    office: Office
    inner: Ranges
    outer: Ranges
    internet: Ranges

    @classmethod
    def of(cls, office: Office) -> _Book:
        inner = hosts(a for device in office.gateways for a in inner_addresses(office, device))
        outer = hosts(wan.address for wan in office.wans if wan.address is not None)
        far = (network for tunnel in office.tunnels for end in tunnel.ends for network in end.networks)
        pinned = hosts(a for channel in office.channels for end in channel.endpoints for a in end.pinned)
        private = networks([*NOT_PUBLIC, *office.prefixes, *far])
        return cls(office, inner, outer, networks([_EVERYWHERE]) - private - outer - pinned)

    def senders(self, end: Endpoint) -> Ranges:
        """Nobody on the internet is a sender: nothing is let in."""
        match end.kind:
            case EndpointKind.GATEWAYS:
                return Ranges.of((*self.inner, *self.outer))
            case EndpointKind.INTERNET | EndpointKind.LINES:
                return Ranges(())
            case _:
                return self._named(end)

    def receivers(self, end: Endpoint) -> Ranges:
        match end.kind:
            case EndpointKind.GATEWAYS:
                return self.inner
            case EndpointKind.INTERNET:
                return self.internet
            case EndpointKind.LINES:
                return self.outer
            case _:
                return self._named(end)

    def _named(self, end: Endpoint) -> Ranges:
        match end.kind:
            case EndpointKind.DEVICE:
                address = self.office.device(end.name).address
                return hosts(() if address is None else (address,))
            case EndpointKind.CHANNEL:
                return hosts(a for endpoint in self.office.channel(end.name).endpoints for a in endpoint.pinned)
            case _:
                prefixes = self.office.zone(end.name).prefixes
                return networks(p.network for p in prefixes if end.building in {None, p.building}) - self.inner

    def networks6(self, ends: Iterable[Endpoint], building: str) -> Ranges:
        """Tunnels carry IPv4 only: IPv6 stays in its building."""
        return networks(_networks6(self.office, ends, building))


def _networks6(office: Office, ends: Iterable[Endpoint], building: str) -> Iterator[IPv6Network]:
    for end in ends:
        if end.kind is EndpointKind.ZONE and end.building in {None, building}:
            prefix = office.zone(end.name).prefix_in(building)
            if prefix is not None and prefix.network6 is not None:
                yield prefix.network6


def _grants(office: Office, book: _Book, flow: Flow) -> Iterator[Grant]:
    sources = Ranges.of(span for end in flow.sources for span in book.senders(end))
    yield from _four(
        office, flow, sources, Ranges.of(span for end in flow.destinations for span in book.receivers(end))
    )
    for building in office.buildings:
        sources6 = book.networks6(flow.sources, building.name)
        targets6 = book.networks6(flow.destinations, building.name)
        if sources6 and targets6:
            for space in _services(office, flow, six=True):
                fields: Fields = {Field.FAMILY: V6, Field.SOURCE6: sources6, Field.DESTINATION6: targets6}
                yield Grant(flow.name, Space({**fields, **space.fields}))


def _four(office: Office, flow: Flow, sources: Ranges, targets: Ranges) -> Iterator[Grant]:
    if sources and targets:
        for space in _services(office, flow, six=False):
            fields: Fields = {Field.FAMILY: V4, Field.SOURCE: sources, Field.DESTINATION: targets}
            yield Grant(flow.name, Space({**fields, **space.fields}))


def _services(office: Office, flow: Flow, *, six: bool) -> Iterator[Space]:
    """One space a protocol. ICMP is an echo request."""
    listed = [spec for name in flow.services for spec in office.service(name).specs]
    for word, number in (("tcp", TCP), ("udp", UDP)):
        spans = Ranges.of((spec.first, spec.last) for spec in listed if spec.protocol == word)
        if spans:
            yield Space({Field.PROTOCOL: number, Field.DESTINATION_PORT: spans})
    if any(spec.protocol == "icmp" for spec in listed):
        if six:
            yield Space({Field.PROTOCOL: ICMP6, Field.ICMP6_TYPE: numbers(128)})
        else:
            yield Space({Field.PROTOCOL: ICMP, Field.ICMP_TYPE: numbers(8)})
