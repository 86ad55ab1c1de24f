"""What the office's own X-Road security server says of its health, on the port it has for that.

200 means that it can sign, that its certificate was good when last asked about, that its database answers and that the
global configuration is valid; 500 that one of them is not so, in words; 503 that somebody has put it into maintenance
(X-Road's ug-ss, health check service). It may say 200 for five minutes after its key was logged out: the canary tells.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.model import Channel, ChannelKind, Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import NonsenseError
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target, heard, said
from monitor.probes.handshake import Server
from monitor.probes.shown import unasked
from monitor.probes.ways import Ways
from monitor.probes.web import Answer, Question, fetch
from monitor.results import ProbeKind, State

__all__ = ["PROBE", "SecurityServer"]

_PACE = Pace(period_s=60.0, timeout_s=10.0, turn=2)
_WELL, _ILL, _MAINTAINED = 200, 500, 503


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityServer(Target):
    """A security server of the office's own."""

    address: IPv4Address | None
    """None where the inventory does not name it."""
    port: int
    allowed: bool
    """Whether the manager may go there."""


def _targets(office: Office) -> Iterator[SecurityServer]:
    ways = Ways(office)
    for channel in office.channels:
        if channel.kind is ChannelKind.XROAD_SS:
            yield _target(office, channel, ways)


def _target(office: Office, channel: Channel, ways: Ways) -> SecurityServer:
    health = channel.health
    address = None if health is None else office.device(health.device).address
    port = 0 if health is None else health.port
    return SecurityServer(
        name=channel.name,
        subject=f"channel:{channel.name}",
        where="" if health is None else f"{health.device} port {port}",
        pace=_PACE,
        address=address,
        port=port,
        allowed=address is not None and ways.lead_to(address, "tcp", port),
    )


async def _ask(target: SecurityServer, _secrets: Secrets) -> Outcome:
    if target.address is None:
        return unasked(say(N_("the inventory does not name the health-check port of the security server")))
    if not target.allowed:
        return unasked(say(N_("no flow lets the manager go to {place}"), place=target.where))
    begun = time.monotonic()
    sent = f"GET / to {target.where}"
    try:
        answer = await fetch(Server(str(target.address), target.port, str(target.address)), Question("/"))
    except NonsenseError as error:
        return Outcome(state=State.DOWN, cause=said(error), sent=sent)
    state, cause = _judged(answer)
    return Outcome(
        state=state,
        cause=cause,
        sent=sent,
        received=heard(f"HTTP {answer.status} {_words(answer)}"),
        seconds=time.monotonic() - begun,
    )


def _judged(answer: Answer) -> tuple[State, Sentence]:
    if answer.status == _WELL:
        return State.UP, say(N_("the security server says that all is well"))
    if answer.status == _ILL:
        return State.DOWN, say(N_("the security server says: {why}"), why=_words(answer) or "?")
    if answer.status == _MAINTAINED:
        return State.DEGRADED, say(N_("the security server is in maintenance, as somebody has told it"))
    return State.DOWN, say(N_("the host answers HTTP {status}"), status=answer.status)


def _words(answer: Answer) -> str:
    """Its reason; it stands alone in the body."""
    return heard(answer.body[:1000].decode("utf-8", "replace").strip())


PROBE = Probe(ProbeKind.XROAD, _targets, _ask)
