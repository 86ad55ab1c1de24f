"""The zone matrix as real packets: what to send from where, what must become of it, and whether it did. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple

from inventory.model import Office
from inventory.policy import Oracle
from lab.topology import Node, NodeKind, Topology

__all__ = ["Denial", "Finding", "Judgement", "Outcome", "Probe", "Protocol", "Result", "denials", "judge", "probes"]


class Protocol(StrEnum):
    """What a probe is made of. ICMP is an echo request."""

    TCP = "tcp"
    UDP = "udp"
    ICMP = "icmp"


class Outcome(StrEnum):
    """What a probe met."""

    ANSWERED = "answered"
    """Connected, or the same bytes came back."""
    REFUSED = "refused"
    """The destination itself said no: the packet arrived."""
    SILENT = "silent"
    """Nothing came back in time."""
    UNREACHABLE = "unreachable"
    """A router on the way said no, or there is no way."""


class Judgement(StrEnum):
    """What a result is worth."""

    AS_WRITTEN = "as_written"
    LEAK = "leak"
    """Denied by the inventory, and it arrived."""
    BLOCKED = "blocked"
    """Allowed by the inventory, and it did not arrive."""
    UNLOGGED = "unlogged"
    """Denied and stopped, but the log server has not heard of it."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One attempt. `port` is 0 for ICMP; `flow` is the flow that allows it, empty when it must be denied."""

    node: str
    source: IPv4Address | IPv6Address
    destination: IPv4Address | IPv6Address
    protocol: Protocol
    port: int
    flow: str = ""

    @property
    def allowed(self) -> bool:
        """Whether it must arrive."""
        return bool(self.flow)

    def __str__(self) -> str:
        return f"{self.node} {self.source} > {self.destination} {self.protocol}/{self.port} ({self.flow or 'denied'})"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a probe."""

    probe: Probe
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """A result, judged."""

    result: Result
    judgement: Judgement


class Denial(NamedTuple):
    """A denied packet as the log server has written it down."""

    source: IPv4Address | IPv6Address
    destination: IPv4Address | IPv6Address
    protocol: str
    port: int


@dataclass(frozen=True, slots=True)
class _Target:
    address: IPv4Address
    node: Node | None
    """None: a gateway's own address."""


_STRANGE = (Protocol.TCP, 4444)
"""A port no service of any office has."""
_OWN = frozenset({(Protocol.TCP, 22), (Protocol.UDP, 161), (Protocol.ICMP, 0)})
"""What every gateway lets its manager do, flow or no flow: such a probe would prove nothing."""
_LOGGED = re.compile(
    r"fosa deny \S+ .*?SRC=(?P<source>\S+) DST=(?P<destination>\S+) "
    r".*?PROTO=(?P<protocol>\w+)(?: .*?DPT=(?P<port>\d+))?"
)


def probes(office: Office, topology: Topology, today: dt.date) -> tuple[Probe, ...]:
    """Every cell: from each host and switch to each host and gateway, a sample of every flow and two denials.

    A cell with IPv6 addresses at both ends gets one more, in IPv6, where everything is denied.
    """
    oracle = Oracle(office, today)
    samples = _samples(office)
    targets = tuple(_targets(office, topology))
    found: list[Probe] = []
    for node in topology.of(NodeKind.HOST, NodeKind.LOG_SERVER, NodeKind.EMULATED):
        if not node.addresses:
            continue
        for number, target in enumerate(targets):
            if target.node is not node and _crosses(office, node, target):
                manages = target.node is None and node.name == office.network.manager
                tried = tuple(sample for sample in _rotated(samples, number) if not (manages and sample in _OWN))
                found += _cell(oracle, (node, target), tried)
    return tuple(found)


def denials(log: Iterable[str]) -> frozenset[Denial]:
    """The denied packets in the log server's lines; lines about something else are passed over."""
    return frozenset(_denial(match) for line in log if (match := _LOGGED.search(line)))


def judge(results: Iterable[Result], logged: frozenset[Denial]) -> tuple[Finding, ...]:
    """What each result is worth, given what the log server has heard."""
    return tuple(Finding(result, _judge(result, logged)) for result in results)


def _judge(result: Result, logged: frozenset[Denial]) -> Judgement:
    probe = result.probe
    arrived = result.outcome in {Outcome.ANSWERED, Outcome.REFUSED}
    if probe.allowed:
        return Judgement.AS_WRITTEN if arrived else Judgement.BLOCKED
    if arrived:
        return Judgement.LEAK
    wanted = Denial(probe.source, probe.destination, probe.protocol, probe.port)
    return Judgement.AS_WRITTEN if wanted in logged else Judgement.UNLOGGED


def _denial(match: re.Match[str]) -> Denial:
    protocol = match["protocol"].lower().removesuffix("v6")
    return Denial(ip_address(match["source"]), ip_address(match["destination"]), protocol, int(match["port"] or 0))


def _cell(oracle: Oracle, ends: tuple[Node, _Target], samples: tuple[tuple[Protocol, int], ...]) -> Iterator[Probe]:
    node, target = ends
    source = node.addresses[0]
    denied = 0
    for protocol, port in (_STRANGE, *samples):
        flow = oracle.verdict(source, target.address, protocol, port).flow
        if flow is not None:
            yield Probe(node.name, source, target.address, protocol, port, flow.name)
        elif denied < 2:
            denied += 1
            yield Probe(node.name, source, target.address, protocol, port)
    if target.node is not None and node.addresses6 and target.node.addresses6:
        yield Probe(node.name, node.addresses6[0].ip, target.node.addresses6[0].ip, *_STRANGE)


def _samples(office: Office) -> tuple[tuple[Protocol, int], ...]:
    """The ends of every port range that any service has."""
    specs = [spec for service in office.services for spec in service.specs]
    return tuple(dict.fromkeys((Protocol(spec.protocol), port) for spec in specs for port in (spec.first, spec.last)))


def _rotated(samples: tuple[tuple[Protocol, int], ...], number: int) -> tuple[tuple[Protocol, int], ...]:
    """The same samples begun elsewhere: over the cells of a row every service gets its turn at being denied."""
    start = number % len(samples) if samples else 0
    return samples[start:] + samples[:start]


def _targets(office: Office, topology: Topology) -> Iterator[_Target]:
    for node in topology.of(NodeKind.HOST, NodeKind.LOG_SERVER, NodeKind.TIME_SOURCE):
        for address in node.addresses:
            yield _Target(address, node)
    for device in office.gateways:
        if device.address is not None:
            yield _Target(device.address, None)


def _crosses(office: Office, node: Node, target: _Target) -> bool:
    """Whether a gateway of ours stands between."""
    if not node.zone:
        return bool(target.node is None or target.node.zone)
    prefix = office.zone(node.zone).prefix_in(node.building)
    same = prefix is not None and target.address in prefix.network
    return target.node is None or not same
