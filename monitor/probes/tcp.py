"""Whether a platform's endpoint takes a connection: the way, the firewalls on it, and somebody who listens."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from inventory.model import Office
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target
from monitor.probes.places import channel_places
from monitor.results import ProbeKind, State

__all__ = ["PROBE"]

_PACE = Pace(period_s=60.0, timeout_s=5.0, own=False, turn=3)
_SLOW_S = 1.0
"""A connection that takes longer works, and somebody will notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listener(Target):
    address: IPv4Address
    port: int


def _targets(office: Office) -> Iterator[_Listener]:
    for place in channel_places(office):
        port = place.endpoint.port
        yield _Listener(
            name=place.name,
            subject=f"channel:{place.channel.name}",
            where=f"{place.address} port {port}",
            pace=_PACE,
            address=place.address,
            port=port,
        )


async def _ask(target: _Listener, _secrets: Secrets) -> Outcome:
    begun = time.monotonic()
    _reader, writer = await asyncio.open_connection(str(target.address), target.port)
    took = time.monotonic() - begun
    writer.close()
    slow = took > _SLOW_S
    return Outcome(
        state=State.DEGRADED if slow else State.UP,
        cause=say(N_("connects slowly")) if slow else say(N_("connects")),
        sent=f"TCP SYN to {target.where}",
        received="SYN and ACK",
        seconds=took,
    )


PROBE = Probe(ProbeKind.TCP, _targets, _ask)
