"""The way to a platform, hop by hop: what the picture tells of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from inventory.model import Channel, Office
from inventory.model.base import Value
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.results import DeviceReading, LinkKind, LinkReading, ProbeKind, ProbeResult, Reason, State, Watched

__all__ = ["APPLICATIONS", "Evidence", "Hop", "HopReading", "evidence", "hops", "worst"]

APPLICATIONS = (ProbeKind.SOAP, ProbeKind.XROAD, ProbeKind.FTPS)
"""Kinds that hear an application of the platform, or the office's own security server before it."""
_RANK = (State.UP, State.UNKNOWN, State.DEGRADED, State.DOWN)

Told = tuple[State, Sentence]


class Hop(StrEnum):
    """From the office to the platform, in this order."""

    LAN = "lan"
    GATEWAY = "gateway"
    WAN = "wan"
    """The lines to the internet, and the tunnel where there is one."""
    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    CLIENT_CERTIFICATE = "client_certificate"
    APPLICATION = "application"
    REGISTRATION = "registration"
    """The office at the platform: its registration, its domain systems, and the people who look."""


class HopReading(Value):
    """One hop. UNKNOWN where nothing looks at it, and where what looks does not know."""

    hop: Hop
    state: State
    cause: Sentence
    looked_at: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a picture holds of one channel."""

    probes: tuple[ProbeResult, ...]
    gateways: tuple[DeviceReading, ...]
    """Of the manager's building."""
    lines: tuple[LinkReading, ...]
    """Theirs."""
    tunnel: tuple[Told, ...]
    """Of the channel, where it has one."""
    passes: bool
    """Whether anything of the picture is proven that goes through those gateways."""

    def of(self, kind: ProbeKind) -> tuple[ProbeResult, ...]:
        """The probes of one kind."""
        return tuple(probe for probe in self.probes if probe.kind is kind)


def evidence(office: Office, channel: Channel, watched: Watched) -> Evidence:
    """What the picture holds of a channel."""
    here = office.device(office.network.manager).building
    near = {device.name for device in office.gateways if device.building == here}
    probes = tuple(probe for probe in watched.probes if probe.subject == f"channel:{channel.name}")
    far = (t for t in watched.tunnels if t.probe is not None and t.probe.state.works)
    outside = (p for p in watched.probes if p.kind in {ProbeKind.TCP, ProbeKind.TLS} and p.state.works)
    return Evidence(
        probes=probes,
        gateways=tuple(device for device in watched.devices if device.device in near),
        lines=tuple(link for link in watched.links if link.kind is LinkKind.WAN and link.device in near),
        tunnel=_tunnel(channel, watched),
        passes=any(far) or any(outside),
    )


def hops(seen: Evidence) -> tuple[HopReading, ...]:
    """The whole way."""
    gateway, application = _gateway(seen), _asked(Hop.APPLICATION, seen, *APPLICATIONS)
    return (
        _lan(seen, gateway),
        gateway,
        _wan(seen),
        _asked(Hop.DNS, seen, ProbeKind.DNS),
        _asked(Hop.TCP, seen, ProbeKind.TCP),
        _asked(Hop.TLS, seen, ProbeKind.TLS),
        _asked(Hop.CLIENT_CERTIFICATE, seen, ProbeKind.CLIENT_CERTIFICATE),
        application,
        _registration(seen, application),
    )


def worst(told: Iterable[Told]) -> Told:
    """The first of the worst; UNKNOWN where there is nothing."""
    found = list(told)
    if not found:
        return State.UNKNOWN, say(N_("nothing looks at it"))
    return max(found, key=lambda each: _RANK.index(each[0]))


def _lan(seen: Evidence, gateway: HopReading) -> HopReading:
    if gateway.state is State.UP or seen.passes:
        return _hop(Hop.LAN, State.UP, say(N_("the way to the gateway works")))
    return _hop(Hop.LAN, State.UNKNOWN, say(N_("nothing is heard from behind it")))


def _gateway(seen: Evidence) -> HopReading:
    if any(device.state.works for device in seen.gateways):
        return _hop(Hop.GATEWAY, State.UP, say(N_("the gateway answers")))
    if seen.passes:
        return _hop(Hop.GATEWAY, State.UP, say(N_("the gateway lets through, and does not tell how it is")))
    if any(device.reason is Reason.UNREACHABLE for device in seen.gateways):
        return _hop(Hop.GATEWAY, State.DOWN, say(N_("the gateway cannot be reached, and nothing comes through it")))
    return _hop(Hop.GATEWAY, State.UNKNOWN, say(N_("the gateway has not told yet")))


def _wan(seen: Evidence) -> HopReading:
    """One line of several will do, but somebody has to look."""
    working = [link for link in seen.lines if link.state.works]
    lost = [link for link in seen.lines if link.state is State.DOWN]
    told = list(seen.tunnel)
    if lost and not working and len(lost) == len(seen.lines):
        told.append((State.DOWN, say(N_("no line to the internet works"))))
    elif lost:
        told.append((State.DEGRADED, say(N_("line {name} is down, another one carries"), name=lost[0].link)))
    elif working:
        told.append((State.UP, say(N_("a line to the internet works"))))
    elif seen.lines:
        told.append((State.UNKNOWN, say(N_("the gateway has not told how its lines are"))))
    state, cause = worst(told)
    return _hop(Hop.WAN, state, cause, looked_at=bool(told))


def _tunnel(channel: Channel, watched: Watched) -> tuple[Told, ...]:
    found = next((each for each in watched.tunnels if each.tunnel == channel.tunnel), None)
    if found is None:
        return ()
    texts = {
        State.UP: N_("tunnel {name} is up"),
        State.DEGRADED: N_("tunnel {name} works, not as it should"),
        State.DOWN: N_("tunnel {name} is down"),
        State.UNKNOWN: N_("nobody knows how tunnel {name} is"),
    }
    return ((found.state, say(texts[found.state], name=found.tunnel)),)


def _asked(hop: Hop, seen: Evidence, *kinds: ProbeKind) -> HopReading:
    told = [(probe.state, probe.cause) for kind in kinds for probe in seen.of(kind)]
    state, cause = worst(told)
    return _hop(hop, state, cause, looked_at=bool(told))


def _registration(seen: Evidence, application: HopReading) -> HopReading:
    """Nobody can look at it; only that everything before it works, and nobody asks, points at it."""
    duty = next((probe for probe in seen.of(ProbeKind.DUTY) if probe.state is State.DOWN), None)
    if duty is not None and application.state is State.UP:
        return _hop(Hop.REGISTRATION, State.DOWN, duty.cause)
    return _hop(Hop.REGISTRATION, State.UNKNOWN, say(N_("nothing looks at it")), looked_at=False)


def _hop(hop: Hop, state: State, cause: Sentence, *, looked_at: bool = True) -> HopReading:
    return HopReading(hop=hop, state=state, cause=cause, looked_at=looked_at)
