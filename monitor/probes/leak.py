"""Whether anything protected leaves a gateway's line in clear, by listening there for a few seconds now and then.

Over the read account: the gateway itself catches the heads of what must not be on its line and tells them; nothing is
stored. A gateway that cannot be reached, as one whose tunnel is down, tells nothing: that is not known, never fine.
A leak is an incident; nothing is switched over because of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Network

from inventory.model import Device, Login, Office, Platform
from inventory.pairs import in_its_place, named, pair_of
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target
from monitor.results import ProbeKind, State

__all__ = ["PROBE", "Line", "lines_of"]

_LISTEN_S = 5
_PACE = Pace(period_s=120.0, timeout_s=_LISTEN_S + 25.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Target):
    """One line of one gateway."""

    device: str
    login: Login
    interface: str
    protected: tuple[IPv4Network, ...]
    seconds: int = _LISTEN_S
    mates: tuple[Line, ...] = ()
    """The same line at a gateway that stands by for this one: while that one works, it is there that packets leave."""


def _targets(office: Office) -> Iterator[Line]:
    for device in named(office):
        pair = pair_of(office, device.name)
        mates = [] if pair is None else list(lines_of(in_its_place(office, pair.standby.name), pair.standby))
        for line in lines_of(office, device):
            yield replace(line, mates=tuple(mate for mate in mates if mate.subject == line.subject))


def lines_of(office: Office, device: Device) -> Iterator[Line]:
    """The lines of a gateway that can be listened to."""
    access = office.access_to(device.name)
    if access is not None and device.platform is Platform.LINUX_GATEWAY:
        for port in device.ports:
            if port.wan is not None:
                yield Line(
                    name=f"{device.name}/{port.wan}",
                    subject=f"link:{port.wan}",
                    where=f"{device.name} {port.name}",
                    pace=_PACE,
                    device=device.name,
                    login=access.read,
                    interface=port.name,
                    protected=_protected(office, device.name),
                )


def _protected(office: Office, device: str) -> tuple[IPv4Network, ...]:
    tunnels = office.tunnels_of(device)
    return (*office.prefixes, *(network for tunnel in tunnels for end in tunnel.ends for network in end.networks))


def _secrets(office: Office) -> Iterator[str]:
    for line in _targets(office):
        yield from (each.login.key for each in (line, *line.mates))


async def _without_a_way(target: Line, _secrets: Secrets) -> Outcome:
    """What is known where nobody lends a way to the gateways; the watch does (`monitor.leak.gateway`)."""
    cause = say(N_("not listened to: {why}"), why=say(N_("this process has no way to its gateway")))
    return Outcome(state=State.UNKNOWN, cause=cause, sent=target.where)


PROBE = Probe(ProbeKind.LEAK, _targets, _without_a_way, _secrets)
