"""What is watched, from the inventory alone: never from what happens to be up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.model import Office, Tunnel
from inventory.pairs import pairs
from monitor.inside import inside
from monitor.probes.rounds import ExpectedProbe, expected_probes
from monitor.probes.standing import Standing
from monitor.results import (
    DeviceReading,
    EndReading,
    LinkKind,
    LinkReading,
    ProbeReading,
    Proof,
    Reason,
    State,
    TunnelReading,
    Watched,
)
from monitor.snmp.expected import ExpectedPoll, expected_polls

__all__ = ["Expected", "ExpectedLink", "ExpectedTunnel", "expected", "unwatched"]


@dataclass(frozen=True, slots=True)
class ExpectedTunnel:
    """A tunnel of the inventory, and how it is proven up."""

    tunnel: Tunnel
    ends: tuple[str, ...]
    """Our gateways at its ends, in the inventory's order."""
    target: IPv4Address | None
    """Where an echo request through this tunnel, and through no other, goes; None where there is no such place."""

    @property
    def name(self) -> str:
        """The tunnel's, and its probe's."""
        return self.tunnel.name

    @property
    def proof(self) -> Proof:
        """What proves it up."""
        return Proof.SA if self.target is None else Proof.PROBE


@dataclass(frozen=True, slots=True)
class ExpectedLink:
    """A line or cable, and the gateway that tells about it."""

    name: str
    kind: LinkKind
    device: str
    interface: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Everything that is watched."""

    office: str
    tunnels: tuple[ExpectedTunnel, ...]
    links: tuple[ExpectedLink, ...]
    devices: tuple[str, ...]
    probes: tuple[ExpectedProbe, ...]
    polls: tuple[ExpectedPoll, ...]
    """Devices that are read by SNMP; how they stand is told apart from the pictures."""
    standbys: Mapping[str, str]
    """Gateway -> the one that stands by for it: whichever works tells of their tunnels and lines."""


def expected(office: Office) -> Expected:
    """What is watched of an office."""
    return Expected(
        office=office.name,
        tunnels=tuple(_tunnel(office, tunnel) for tunnel in office.tunnels),
        links=(*_wans(office), *_cables(office)),
        devices=tuple(device.name for device in office.gateways),
        probes=expected_probes(office),
        polls=expected_polls(office),
        standbys={pair.first.name: pair.standby.name for pair in pairs(office)},
    )


def unwatched(office: Office, at: dt.datetime) -> Watched:
    """Everything unknown: what there is before the first reading, and without a watch."""
    wanted = expected(office)
    return Watched(
        office=wanted.office,
        began=at,
        at=at,
        round=0,
        tunnels=tuple(_unread(tunnel, at) for tunnel in wanted.tunnels),
        links=tuple(
            LinkReading(
                link=link.name,
                kind=link.kind,
                device=link.device,
                interface=link.interface,
                state=State.UNKNOWN,
                reason=Reason.NOT_READ_YET,
                since=at,
            )
            for link in wanted.links
        ),
        devices=tuple(
            DeviceReading(device=name, state=State.UNKNOWN, reason=Reason.NOT_READ_YET, since=at)
            for name in wanted.devices
        ),
        probes=tuple(Standing(probe.kind, probe.target, at).result(0.0) for probe in wanted.probes),
    )


def _unread(tunnel: ExpectedTunnel, at: dt.datetime) -> TunnelReading:
    state, reason = State.UNKNOWN, Reason.NOT_READ_YET
    probe = None
    if tunnel.target is not None:
        probe = ProbeReading(
            name=tunnel.name,
            target=str(tunnel.target),
            state=state,
            reason=reason,
            window_s=0.0,
            sent=0,
            lost=0,
            rtt_s=None,
            jitter_s=None,
            answer_age_s=None,
        )
    return TunnelReading(
        tunnel=tunnel.name,
        state=state,
        reason=reason,
        since=at,
        proof=tunnel.proof,
        ends=tuple(EndReading(device=end, state=state, reason=reason) for end in tunnel.ends),
        probe=probe,
    )


def _tunnel(office: Office, tunnel: Tunnel) -> ExpectedTunnel:
    managed = {device.name for device in office.gateways}
    ends = tuple(end.device for end in tunnel.ends if end.device is not None and end.device in managed)
    return ExpectedTunnel(tunnel, ends, inside(office, tunnel))


def _wans(office: Office) -> Iterator[ExpectedLink]:
    ports = {(device.name, port.name) for device in office.gateways for port in device.ports}
    for wan in office.wans:
        if wan.device is not None and wan.interface is not None and (wan.device, wan.interface) in ports:
            yield ExpectedLink(wan.name, LinkKind.WAN, wan.device, wan.interface)


def _cables(office: Office) -> Iterator[ExpectedLink]:
    managed = {device.name for device in office.gateways}
    for link in office.links:
        end = next((end for end in link.ends if end.device in managed), None)
        if end is not None:
            yield ExpectedLink(link.name, LinkKind.CABLE, end.device, end.port)
