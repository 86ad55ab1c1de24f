"""Whether of two gateways exactly one works, and whether the other one could.

What each says of itself comes with the states of its interfaces, which the watch follows anyway: nothing is sent for
it. Each tells what it holds and not what it thinks of the other, so that both work shows where they do not hear each
other, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inventory.model import Office
from inventory.pairs import pairs
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target
from monitor.readings import Carrier, GatewayReading
from monitor.results import Measured, ProbeKind, State

__all__ = ["PROBE", "WORKS", "Two", "judge_pair"]

WORKS = "standby_works"
"""1 while the one that stands by works, 0 while the first one does."""
_PACE = Pace(period_s=1.0, timeout_s=1.0, turn=3)
"""A takeover takes a moment in which neither works, or both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Two(Target):
    """A pair."""

    first: str
    standby: str
    lines: Mapping[str, str]
    """Interface -> line."""


def _targets(office: Office) -> Iterator[Two]:
    for pair in pairs(office):
        yield Two(
            name=pair.name,
            subject=f"device:{pair.name}",
            where=" + ".join(pair.names),
            pace=_PACE,
            first=pair.first.name,
            standby=pair.standby.name,
            lines={port.name: port.wan for port in pair.first.ports if port.wan is not None},
        )


def judge_pair(two: Two, fresh: Mapping[str, GatewayReading]) -> Outcome:
    """`fresh`: what the two have said of themselves just now; who said nothing is missing."""
    holders = [name for name, reading in fresh.items() if reading.half is not None and reading.half.holds]
    state, cause = _verdict(two, fresh, holders)
    works = (Measured(name=WORKS, value=float(holders == [two.standby])),) if len(holders) == 1 else ()
    told = "; ".join(f"{name}: {_told(fresh.get(name))}" for name in (two.first, two.standby))
    return Outcome(state=state, cause=cause, sent=two.where, received=told, measured=works)


def _verdict(two: Two, fresh: Mapping[str, GatewayReading], holders: list[str]) -> tuple[State, Sentence]:
    if len(holders) > 1:
        cause = say(N_("{one} and {other} both hold the addresses they share"), one=two.first, other=two.standby)
        return State.DOWN, cause
    if holders:
        other = two.standby if holders == [two.first] else two.first
        if (lack := _lack(two, other, fresh.get(other))) is not None:
            return State.DEGRADED, lack
        return State.UP, say(N_("{one} works, {other} stands by"), one=holders[0], other=other)
    silent = [name for name in (two.first, two.standby) if name not in fresh or fresh[name].half is None]
    if silent:
        return State.UNKNOWN, say(N_("{devices} does not say whether it works"), devices=", ".join(silent))
    cause = say(N_("neither {one} nor {other} holds the addresses they share"), one=two.first, other=two.standby)
    return State.DOWN, cause


def _lack(two: Two, name: str, reading: GatewayReading | None) -> Sentence | None:
    """What the one that does not work would lack if it had to; None when nothing."""
    if reading is None or reading.half is None:
        return say(N_("{device} does not stand by: nothing is heard of it"), device=name)
    if not reading.half.ready:
        return say(N_("{device} does not stand by: its keepalived does not run"), device=name)
    carriers = {wan: reading.links.get(interface) for interface, wan in two.lines.items()}
    if dead := [wan for wan, carrier in carriers.items() if carrier is not Carrier.UP]:
        return say(N_("{device} stands by without a line: {lines}"), device=name, lines=", ".join(dead))
    if reading.sas:
        tunnels = ", ".join(sorted(reading.sas))
        return say(N_("{device} stands by and has security associations: {tunnels}"), device=name, tunnels=tunnels)
    return None


def _told(reading: GatewayReading | None) -> str:
    if reading is None or reading.half is None:
        return "silent"
    return f"{'holds' if reading.half.holds else 'stands by'}, {'ready' if reading.half.ready else 'not ready'}"


async def _without_a_way(target: Two, _secrets: Secrets) -> Outcome:
    """What is known where nobody follows the gateways; the watch does."""
    return judge_pair(target, {})


PROBE = Probe(ProbeKind.PAIR, _targets, _without_a_way)
