"""The rules of the gateways on a packet's way, held against the oracle's plain reading of the flows."""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from ipaddress import IPv4Address, IPv4Network

import pytest

from inventory.model import Office
from inventory.policy import Oracle, unrendered
from templates.linux_gateway.policy import Rule, Span, Way, compile_policy
from templates.linux_gateway.reach import Reach
from templates.linux_gateway.view import Gateway, gateway_view

OUTSIDE = [
    IPv4Address(text) for text in ("9.9.9.9", "192.168.7.7", "172.31.0.1", "100.64.0.9", "127.0.0.1", "240.0.0.1")
]


class _Packets:
    """Sends packets through the compiled rules of every gateway they pass."""

    def __init__(self, office: Office, today: dt.date) -> None:
        self.office = office
        self.reach = Reach(office)
        self.gateways = {device.building: gateway_view(office, device, today) for device in office.gateways}
        self.matching = cache(self._matching)

    def allowed(self, source: IPv4Address, target: IPv4Address, protocol: str, port: int) -> bool:
        building = next((b.name for b in self.office.buildings if source in b.prefix), self.office.hub.name)
        path = self.reach.path(building, IPv4Network(target))
        return all(self._through(self.gateways[name], source, target, protocol, port) for name in path)

    def _through(self, gateway: Gateway, source: IPv4Address, target: IPv4Address, protocol: str, port: int) -> bool:
        leaves = not self.reach.tunnelled(gateway.building, IPv4Network(target))
        inside = any(target in network for network in gateway.inside)
        if leaves and not inside and any(target in network for network in gateway.protected):
            return False
        return any(
            rule.protocol == protocol and (protocol == "icmp" or any(s.first <= port <= s.last for s in rule.ports))
            for rule in self.matching(gateway.name, source, target)
        )

    def _matching(self, name: str, source: IPv4Address, target: IPv4Address) -> tuple[Rule, ...]:
        gateway = next(g for g in self.gateways.values() if g.name == name)
        rules = gateway.policy.to_gateways if target in gateway.gateways else _chain(gateway, source)
        return tuple(rule for rule in rules if _matches(gateway, rule, source, target))


def _chain(gateway: Gateway, source: IPv4Address) -> tuple[Rule, ...]:
    chains = (c for c in gateway.policy.chains if any(source in network for network in c.networks))
    return next((chain.rules for chain in chains), ())


def _matches(gateway: Gateway, rule: Rule, source: IPv4Address, target: IPv4Address) -> bool:
    if rule.sources and not any(source in network for network in rule.sources):
        return False
    if rule.way is Way.INTERNET:
        return not any(target in network for network in gateway.not_internet)
    if rule.way is Way.GATEWAYS and not rule.destinations:
        return True
    return any(target in network for network in rule.destinations)


def _hosts(office: Office) -> Iterator[IPv4Address]:
    """A host in every network that is no device, every device of a flow, every pinned address."""
    for zone in office.zones:
        for prefix in zone.prefixes:
            yield prefix.network.network_address + 27
    named = {end.name for flow in office.flows for end in (*flow.sources, *flow.destinations)}
    yield from (device.address for device in office.devices if device.name in named and device.address)
    yield from (a for channel in office.channels for endpoint in channel.endpoints for a in endpoint.pinned)


@pytest.mark.parametrize("which", ["pila", "small"])
def test_the_gateways_allow_what_the_flows_say_and_nothing_else(
    request: pytest.FixtureRequest, today: dt.date, which: str
) -> None:
    office: Office = request.getfixturevalue(which)
    packets, oracle = _Packets(office, today), Oracle(office, today)
    hosts = sorted(set(_hosts(office)))
    gateways = {address for g in packets.gateways.values() for address in g.gateways}
    senders = [h for h in hosts if h not in gateways]
    targets = sorted({*hosts, *(d.address for d in office.managed if d.address), *OUTSIDE})
    ports = sorted({(s.protocol, s.first) for service in office.services for s in service.specs} | {("tcp", 23)})
    # Each verdict is asked for a third of the ports; all ports are asked of each sender.
    pairs = [(s, t) for s in senders for t in targets if not _same_network(office, s, t)]
    wrong = [
        (str(source), str(target), protocol, port)
        for number, (source, target) in enumerate(pairs)
        for protocol, port in ports[number % 3 :: 3]
        if packets.allowed(source, target, protocol, port) != oracle.verdict(source, target, protocol, port).allowed
    ]
    assert wrong == []


def _same_network(office: Office, one: IPv4Address, other: IPv4Address) -> bool:
    return any(one in p.network and other in p.network for zone in office.zones for p in zone.prefixes)


@pytest.mark.parametrize("which", ["pila", "small"])
def test_what_the_inventory_lists_as_unrendered_is_in_no_rule(
    request: pytest.FixtureRequest, today: dt.date, which: str
) -> None:
    office: Office = request.getfixturevalue(which)
    listed = {flow.name for flow, _reason in unrendered(office, today)}
    rendered = {rule.flow for device in office.gateways for rule in _all_rules(office, device.name, today)}
    silent = {"silent"} if which == "small" else set[str]()
    assert listed
    assert rendered == {flow.name for flow in office.flows} - listed - silent


def _all_rules(office: Office, device: str, today: dt.date) -> Iterator[Rule]:
    policy = compile_policy(office, office.device(device), today)
    yield from (rule for chain in policy.chains for rule in chain.rules)
    yield from (*policy.to_gateways, *policy.from_gateways, *policy.own)


def test_a_flow_holds_through_its_last_day(small: Office, today: dt.date) -> None:
    tomorrow = today + dt.timedelta(days=1)
    assert "adm-gw" in {rule.flow for rule in _all_rules(small, "gw-s", today)}
    assert "adm-gw" not in {rule.flow for rule in _all_rules(small, "gw-s", tomorrow)}


def test_a_spoke_knows_only_what_starts_or_ends_there(pila: Office, today: dt.date) -> None:
    flows = {rule.flow for rule in _all_rules(pila, "gw-c", today)}
    assert "office-directory" in flows
    assert not flows & {"admin-servers", "systems-csizs", "proxy-web", "terminals-names"}


def test_overlapping_ports_become_one_range(small: Office, today: dt.date) -> None:
    rule = next(rule for rule in _all_rules(small, "gw-h", today) if rule.flow == "pc-web" and rule.protocol == "tcp")
    assert rule.ports == (Span(80, 80), Span(440, 450))


def test_ipv6_rules_stay_in_their_building(small: Office, today: dt.date) -> None:
    with_v6 = {
        (d.name, rule.flow) for d in small.gateways for rule in _all_rules(small, d.name, today) if rule.destinations6
    }
    assert with_v6 == {("gw-h", "pc-web")}


@pytest.mark.parametrize(
    ("start", "target", "path"),
    [
        ("b", "10.64.1.10/32", ("b", "k")),
        ("b", "10.64.35.0/24", ("b", "k", "c")),
        ("k", "10.64.19.0/24", ("k", "b")),
        ("k", "10.64.3.0/24", ("k",)),
        ("k", "192.0.2.100/32", ("k",)),
        ("b", "192.0.2.100/32", ("b",)),
        ("c", "9.9.9.9/32", ("c",)),
    ],
)
def test_packets_follow_the_selectors(pila: Office, start: str, target: str, path: tuple[str, ...]) -> None:
    assert Reach(pila).path(start, IPv4Network(target)) == path
