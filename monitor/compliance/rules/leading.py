"""VP-08, by routes: what the kernel would send out where no tunnel is, while the tunnels are down, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, summarize_address_range

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.compliance.grants import inner_addresses, own_lines
from monitor.compliance.protected import beyond_tunnels, inside, inside6
from monitor.compliance.rule import Case, Judged
from monitor.compliance.rules.sayings import doubtful, failed, listed
from monitor.compliance.spaces import networks
from monitor.facts.routing import Chooser, Network, Policy, Route, Routing
from monitor.facts.space import Ranges
from templates.linux_gateway.ports import TUNNEL_INTERFACE

__all__ = ["leading_out", "passed_over", "unread"]

_LOCAL6 = IPv6Network("fc00::/7")
"""Of a site, and not to leave it (RFC 4193, section 4.3): protected, whether the inventory has any of it or not."""
_MOST = 2_000
"""More routes into protected networks than this are not gone through."""
_SHOWN = 3
_DAEMON = "static"
"""What charon lays bears this, and goes with its tunnel (RTPROT_STATIC, strongSwan's kernel-netlink)."""


def unread(routing: Routing, case: Case) -> Iterator[Judged]:
    """What was read and not understood: it may say anything."""
    if routing.odd:
        text = N_("how packets leave is not known: {lines} cannot be read")
        shown = listed(where.text for where in routing.odd)
        yield doubtful(say(text, lines=shown), *map(case.evidence, routing.odd[:_SHOWN]))


def leading_out(routing: Routing, case: Case) -> Iterator[Judged]:
    """Routes that lead protected networks elsewhere than into a tunnel, each told once."""
    told_of = set()
    for family, guarded in _guarded(case):
        tables = _by_table(routing, family, guarded.kept)
        if sum(map(len, tables.values())) > _MOST:
            yield doubtful(say(N_("there are more routes into protected networks than can be followed")))
            continue
        choosers = sorted((c for c in routing.choosers if c.family == family), key=lambda chooser: chooser.priority)
        for route, ranges in _taken(choosers, tables, guarded.kept):
            message = guarded.fault(route, ranges)
            if message is not None and route.where not in told_of:
                told_of.add(route.where)
                yield failed(message, case.evidence(route.where))


def passed_over(routing: Routing, case: Case) -> Iterator[Judged]:
    """IPsec policies, of the kernel and of charon, that let through unencrypted what belongs into a tunnel."""
    far, kept = beyond_tunnels(case.office, case.device), networks(inside(case.office, case.device))
    text = N_("the policy for {source} to {destination} lets it pass without encryption")
    for policy in routing.policies:
        if _lets_pass(policy) and _span(policy.destination) & far and _span(policy.source) & kept:
            message = say(text, source=policy.source, destination=policy.destination)
            yield failed(message, case.evidence(policy.where))


def _lets_pass(policy: Policy) -> bool:
    return policy.direction == "out" and policy.destination.version == 4 and not (policy.blocks or policy.encrypts)


@dataclass(frozen=True, slots=True)
class _Guarded:
    """What of one family is protected, and which ways out of a gateway are known to be none."""

    kept: Ranges
    far: Ranges
    """Behind tunnels: also a route for everything may not have it."""
    lines: frozenset[str]
    ports: frozenset[str]
    """Towards the inside."""
    gateways: frozenset[IPv4Address]
    on_line: Ranges
    """What may be the network of a line itself, as the kernel lays it."""

    def fault(self, route: Route, ranges: Ranges) -> Sentence | None:
        """What is wrong with a route that these addresses take; None where nothing is."""
        if not _span(route.network).within(self.kept):
            return self._default(route, ranges & self.far)
        strange = next((name for name in route.interfaces if not self._known(name)), None)
        line = next((name for name in route.interfaces if name in self.lines), None)
        if route.protocol == "kernel" and _span(route.network).within(self.on_line):
            return None
        if line is not None:
            text = N_("a route leads {network} out by line {line}, beside the tunnels")
            return say(text, network=route.network, line=line)
        if strange is not None:
            text = N_("a route leads {network} out by {interface}, which the inventory does not know")
            return say(text, network=route.network, interface=strange)
        by = next((nexthop for nexthop in route.nexthops if self._is_stranger(nexthop)), None)
        if by is not None and self.ports.intersection(route.interfaces) and ranges & self.far:
            text = N_("a route leads {network} by way of {nexthop}, beside the tunnels")
            return say(text, network=route.network, nexthop=by)
        return None

    def _default(self, route: Route, ranges: Ranges) -> Sentence | None:
        if not ranges or not self.lines.intersection(route.interfaces):
            return None
        text = N_("while its tunnel is down {networks} would leave by {line}: no route holds it back")
        return say(text, networks=_told(route, ranges), line=", ".join(route.interfaces))

    def _known(self, interface: str) -> bool:
        return interface in {*self.lines, *self.ports, TUNNEL_INTERFACE, "lo"}

    def _is_stranger(self, nexthop: str) -> bool:
        try:
            return ip_address(nexthop) not in self.gateways
        except ValueError:
            return True


def _guarded(case: Case) -> Iterator[tuple[int, _Guarded]]:
    office, device = case.office, case.device
    lines = frozenset(line.interface for line in own_lines(office, device))
    ports = frozenset(port.name for port in device.ports) - lines
    gateways = frozenset(address for other in office.gateways for address in inner_addresses(office, other))
    kept = networks(inside(office, device))
    yield 4, _Guarded(kept, beyond_tunnels(office, device), lines, ports, gateways, Ranges(()))
    own6, local6 = networks(inside6(office)), networks([_LOCAL6])
    yield 6, _Guarded(Ranges.of((*own6, *local6)), Ranges(()), lines, ports, gateways, local6 - own6)


def _by_table(routing: Routing, family: int, kept: Ranges) -> Mapping[str, list[Route]]:
    """Routes that protected addresses may take, the longest first; those that go with their tunnel are gone."""
    tables: dict[str, list[Route]] = {}
    for route in routing.routes:
        fleeting = route.interfaces == (TUNNEL_INTERFACE,) and route.protocol == _DAEMON
        if route.network.version == family and not fleeting and _span(route.network) & kept:
            tables.setdefault(route.table, []).append(route)
    for routes in tables.values():
        routes.sort(key=lambda route: (-route.network.prefixlen, route.metric))
    return tables


def _taken(
    choosers: Iterable[Chooser], tables: Mapping[str, list[Route]], kept: Ranges
) -> Iterator[tuple[Route, Ranges]]:
    """Each route with the protected addresses that may come to it, rule by rule as the kernel asks them."""
    left = kept
    for chooser in choosers:
        if chooser.source is not None and not _span(chooser.source) & kept:
            continue  # Not for protected senders: what bears a line's own address leaves by that line.
        asked = left if chooser.destination is None else left & _span(chooser.destination)
        sure = chooser.source is None and not chooser.narrowed
        if not chooser.table:
            left = left - asked if sure else left
            continue
        found = asked
        for route in tables.get(chooser.table, ()):
            ranges = found & _span(route.network)
            if ranges and route.network.prefixlen > chooser.least_prefix:
                found = found - ranges
                if route.kind == "throw":
                    continue
                yield route, ranges
                left = left - ranges if sure else left


def _span(network: Network) -> Ranges:
    return Ranges(((int(network.network_address), int(network.broadcast_address)),))


def _told(route: Route, ranges: Ranges) -> str:
    kind = IPv4Address if route.network.version == 4 else IPv6Address
    return listed(
        str(network) for first, last in ranges for network in summarize_address_range(kind(first), kind(last))
    )
