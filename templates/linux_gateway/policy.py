"""The office's flows as the firewall rules of one gateway: only what starts, ends or passes there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from itertools import groupby

from inventory.model import Device, EndpointKind, Flow, Office, PortSpec
from templates.linux_gateway.ends import Goal, GoalKind, Origin, OriginKind, goals, origins, pinned_in
from templates.linux_gateway.reach import Reach

__all__ = ["Chain", "Policy", "Protocol", "Rule", "Span", "Way", "compile_policy"]


class Protocol(StrEnum):
    """What a rule matches. `icmp` is an echo request."""

    TCP = "tcp"
    UDP = "udp"
    ICMP = "icmp"


class Way(StrEnum):
    """How traffic that a rule allows leaves the gateway."""

    INSIDE = "inside"
    WAN = "wan"
    TUNNEL = "tunnel"
    INTERNET = "internet"
    GATEWAYS = "gateways"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of ports, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One permission. No sources: everything that comes to its chain. No destinations: what the way stands for."""

    flow: str
    protocol: Protocol
    ports: tuple[Span, ...]
    way: Way
    sources: tuple[IPv4Network, ...] = ()
    destinations: tuple[IPv4Network, ...] = ()
    destinations6: tuple[IPv6Network, ...] = ()
    log: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """What the senders of one network may open. A zone of another building has a chain of its own."""

    name: str
    source: str
    """The zone or channel, as denials name it."""
    networks: tuple[IPv4Network, ...]
    network6: IPv6Network | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The flows as they concern one gateway, in the inventory's order."""

    chains: tuple[Chain, ...]
    to_gateways: tuple[Rule, ...]
    """To any gateway's inner addresses, this one's or another's on the way through."""
    from_gateways: tuple[Rule, ...]
    """From the other gateways, on the way through."""
    own: tuple[Rule, ...]
    """From this gateway itself."""


def compile_policy(office: Office, device: Device, today: dt.date) -> Policy:
    """The policy of one gateway. Flows past their date or with something unknown in them are left out whole."""
    site = _Site(office, device)
    live = [flow for flow in office.flows if _is_live(office, flow, today)]
    return Policy(
        chains=tuple(_chains(site, live)),
        to_gateways=tuple(rule for flow in live for rule in _to_gateways(site, flow)),
        from_gateways=tuple(rule for flow in live for rule in _from_gateways(site, flow, own=False)),
        own=tuple(rule for flow in live for rule in _from_gateways(site, flow, own=True)),
    )


def _is_live(office: Office, flow: Flow, today: dt.date) -> bool:
    in_time = flow.until is None or today <= flow.until
    ends = (*flow.sources, *flow.destinations)
    pinned = all(pinned_in(office, end.name) for end in ends if end.kind is EndpointKind.CHANNEL)
    return in_time and pinned and all(office.service(name).known for name in flow.services)


class _Site:
    """One gateway's place in the office."""

    __slots__ = ("building", "device", "local", "office", "reach")

    def __init__(self, office: Office, device: Device) -> None:
        self.office = office
        self.device = device.name
        self.building = device.building
        self.local = tuple(port.zone for port in device.ports if port.zone is not None)
        self.reach = Reach(office)

    def passes(self, origin: Origin, goal: Goal) -> bool:
        """Whether what the origin sends to the goal comes through this gateway."""
        if goal.network is None:
            return origin.building == self.building
        if goal.kind is GoalKind.LINE and goal.building == origin.building:
            return False
        return self.building in self.reach.path(origin.building, goal.network)

    def way(self, goal: Goal) -> Way:
        match goal.kind:
            case GoalKind.PINNED | GoalKind.LINE:
                assert goal.network is not None  # noqa: S101  both are addresses
                return Way.TUNNEL if self.reach.tunnelled(self.building, goal.network) else Way.WAN
            case GoalKind.INTERNET:
                return Way.INTERNET
            case _:
                return Way.INSIDE


def _chains(site: _Site, flows: Iterable[Flow]) -> Iterator[Chain]:
    """A chain for each zone here, then for each network elsewhere that may open something through this gateway."""
    rules: dict[tuple[OriginKind, str, str], list[Rule]] = {}
    for flow in flows:
        senders = [o for o in origins(site.office, flow.sources) if o.kind is not OriginKind.GATEWAYS]
        receivers = [g for g in goals(site.office, flow.destinations) if g.kind is not GoalKind.GATEWAYS]
        for key, group in groupby(sorted(senders, key=_key), key=_key):
            rules.setdefault(key, []).extend(_rules(site, flow, list(group), receivers))
    yield from _zone_chains(site, rules)
    yield from _channel_chains(site, rules)


def _key(origin: Origin) -> tuple[OriginKind, str, str]:
    return origin.kind, origin.name, origin.building


def _zone_chains(site: _Site, rules: dict[tuple[OriginKind, str, str], list[Rule]]) -> Iterator[Chain]:
    for here in (True, False):
        for zone in site.office.zones:
            for prefix in zone.prefixes:
                made = tuple(rules.get((OriginKind.ZONE, zone.name, prefix.building), ()))
                if (prefix.building == site.building) is here and ((here and zone.name in site.local) or made):
                    name = f"from_{zone.name}" if here else f"from_{zone.name}_{prefix.building}"
                    yield Chain(name, zone.name, (prefix.network,), prefix.network6 if here else None, made)


def _channel_chains(site: _Site, rules: dict[tuple[OriginKind, str, str], list[Rule]]) -> Iterator[Chain]:
    for (kind, name, _building), made in rules.items():
        if kind is OriginKind.CHANNEL and made:
            pinned = tuple(IPv4Network(address) for address in pinned_in(site.office, name))
            yield Chain(f"channel_{name}", name, pinned, None, tuple(made))


def _rules(site: _Site, flow: Flow, senders: list[Origin], receivers: list[Goal]) -> Iterator[Rule]:
    """The rules of one flow for senders of one network."""
    sources = () if any(o.whole for o in senders) else _networks(o.network for o in senders)
    reached = [goal for goal in receivers if site.passes(senders[0], goal)]
    for way in Way:
        towards = [goal for goal in reached if site.way(goal) is way]
        if towards:
            networks = _networks(goal.network for goal in towards if goal.network is not None)
            yield from _per_protocol(site.office, flow, way, sources=sources, destinations=networks)
    yield from _rules6(site, flow, senders, receivers)


def _rules6(site: _Site, flow: Flow, senders: list[Origin], receivers: list[Goal]) -> Iterator[Rule]:
    """IPv6 stays in its building: the tunnels carry IPv4 only."""
    if all(o.network6 is None or o.building != site.building for o in senders):
        return
    inside = {goal.network6 for goal in receivers if goal.network6 is not None and goal.building == site.building}
    if inside:
        for rule in _per_protocol(site.office, flow, Way.INSIDE, sources=(), destinations=()):
            yield Rule(
                rule.flow, rule.protocol, rule.ports, rule.way, destinations6=tuple(sorted(inside)), log=rule.log
            )


def _to_gateways(site: _Site, flow: Flow) -> Iterator[Rule]:
    receivers = [goal for goal in goals(site.office, flow.destinations) if goal.kind is GoalKind.GATEWAYS]
    if not receivers:
        return
    senders = [
        origin
        for origin in origins(site.office, flow.sources)
        if origin.kind is not OriginKind.GATEWAYS and _comes_for_a_gateway(site, origin)
    ]
    if senders:
        sources = _networks(origin.network for origin in senders)
        named = (
            () if any(g.network is None for g in receivers) else _networks(g.network for g in receivers if g.network)
        )
        yield from _per_protocol(site.office, flow, Way.GATEWAYS, sources=sources, destinations=named)


def _comes_for_a_gateway(site: _Site, origin: Origin) -> bool:
    addresses = (device.address for device in site.office.gateways if device.address is not None)
    return any(site.building in site.reach.path(origin.building, IPv4Network(address)) for address in addresses)


def _from_gateways(site: _Site, flow: Flow, *, own: bool) -> Iterator[Rule]:
    senders = [
        origin
        for origin in origins(site.office, flow.sources)
        if origin.kind is OriginKind.GATEWAYS and (origin.name == site.device) is own
    ]
    receivers = list(goals(site.office, flow.destinations))
    for sender in senders if own else senders[:1]:
        for way in Way:
            towards = [
                g
                for g in receivers
                if _way_of_gateway(site, g) is way and (_leaves(site, g) if own else _passes_any(site, senders, g))
            ]
            if towards:
                networks = _networks(goal.network for goal in towards if goal.network is not None)
                sources = () if sender.whole else _networks(o.network for o in senders)
                yield from _per_protocol(site.office, flow, way, sources=() if own else sources, destinations=networks)


def _leaves(site: _Site, goal: Goal) -> bool:
    """Whether a gateway speaks to it at all: its own line is itself."""
    return goal.kind is not GoalKind.LINE or goal.building != site.building


def _passes_any(site: _Site, senders: list[Origin], goal: Goal) -> bool:
    return any(site.passes(sender, goal) for sender in senders)


def _way_of_gateway(site: _Site, goal: Goal) -> Way:
    return Way.GATEWAYS if goal.kind is GoalKind.GATEWAYS else site.way(goal)


def _per_protocol(
    office: Office, flow: Flow, way: Way, *, sources: tuple[IPv4Network, ...], destinations: tuple[IPv4Network, ...]
) -> Iterator[Rule]:
    specs = [spec for name in flow.services for spec in office.service(name).specs]
    for protocol in Protocol:
        ports = _spans(spec for spec in specs if spec.protocol == protocol)
        if ports:
            yield Rule(flow.name, protocol, ports, way, sources, destinations, log=flow.log)


def _spans(specs: Iterable[PortSpec]) -> tuple[Span, ...]:
    """The ports in order, with what overlaps or touches made one: nftables refuses a set that says a port twice."""
    merged: list[Span] = []
    for span in sorted({Span(min(s.first, s.last), max(s.first, s.last)) for s in specs}):
        if merged and span.first <= merged[-1].last + 1:
            merged[-1] = Span(merged[-1].first, max(span.last, merged[-1].last))
        else:
            merged.append(span)
    return tuple(merged)


def _networks(networks: Iterable[IPv4Network]) -> tuple[IPv4Network, ...]:
    """The networks in order, without those that lie in another: nftables refuses a set that says an address twice."""
    ordered = sorted(set(networks), key=lambda network: (network.network_address, network.prefixlen))
    kept: list[IPv4Network] = []
    for network in ordered:
        if not (kept and network.subnet_of(kept[-1])):
            kept.append(network)
    return tuple(kept)
