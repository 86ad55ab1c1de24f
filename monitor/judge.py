"""Readings and the inventory in, the picture of a moment out: pure, so that every case can be held by a test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from inventory.sentence import Sentence
from monitor.ageing import while_fresh
from monitor.differences import differences
from monitor.expected import Expected, ExpectedLink, ExpectedTunnel
from monitor.flaws import beside, flaw, is_dead, is_one_way, is_silent
from monitor.readings import FRESH_S, Carrier, GatewayReading
from monitor.results import (
    DeviceReading,
    EndReading,
    Event,
    LinkReading,
    ProbeReading,
    ProbeResult,
    Proof,
    Reason,
    SaReading,
    State,
    TunnelReading,
    Watched,
)
from monitor.sas import carries, established

__all__ = ["Moment", "Readings", "events", "judge"]

_Verdict = tuple[State, Reason]


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant on both clocks: ages are measured on the one, people read the other."""

    monotonic: float
    clock: dt.datetime


@dataclass(frozen=True, slots=True)
class Readings:
    """Everything read so far."""

    gateways: Mapping[str, GatewayReading]
    echoes: Mapping[str, ProbeReading]
    """Through tunnels, by tunnel."""
    probes: tuple[ProbeResult, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Before:
    """States of the picture before, with the moment each was entered."""

    at: dt.datetime
    states: Mapping[str, tuple[State, dt.datetime]] = field(default_factory=dict)

    def since(self, subject: str, state: State) -> dt.datetime:
        was, since = self.states.get(subject, (State.UNKNOWN, self.at))
        return since if was is state else self.at


def judge(expected: Expected, readings: Readings, now: Moment, before: Watched) -> Watched:
    """The picture of this moment. `before` is the one before it, or `expected.unwatched`."""
    devices = readings.gateways
    readings = replace(readings, gateways=_seated(expected, readings.gateways, now))
    was = _Before(now.clock, {stood.subject: (stood.state, stood.since) for stood in _stood(before)})
    return Watched(
        office=expected.office,
        began=before.began,
        at=now.clock,
        round=before.round + 1,
        tunnels=tuple(_tunnel(tunnel, readings, now, was) for tunnel in expected.tunnels),
        links=tuple(_link(link, readings, now, was) for link in expected.links),
        devices=tuple(_device(name, devices[name], now, was) for name in expected.devices),
        probes=tuple(while_fresh(probe) for probe in readings.probes),
        problems=readings.problems,
    )


def events(before: Watched, after: Watched) -> tuple[Event, ...]:
    """What changed its state between two pictures, in the picture's order."""
    was = {stood.subject: stood.state for stood in _stood(before)}
    return tuple(
        Event(
            at=after.at,
            subject=stood.subject,
            before=was.get(stood.subject, State.UNKNOWN),
            after=stood.state,
            reason=stood.reason,
            cause=stood.cause,
        )
        for stood in _stood(after)
        if was.get(stood.subject, State.UNKNOWN) is not stood.state
    )


class _Stood(NamedTuple):
    """How one thing stood in a picture."""

    subject: str
    state: State
    reason: Reason
    since: dt.datetime
    cause: Sentence | None = None


def _stood(watched: Watched) -> Iterator[_Stood]:
    for tunnel in watched.tunnels:
        yield _Stood(f"tunnel:{tunnel.tunnel}", tunnel.state, tunnel.reason, tunnel.since)
        for end in tunnel.ends:
            yield _Stood(f"end:{tunnel.tunnel}/{end.device}", end.state, end.reason, watched.at)
    for link in watched.links:
        yield _Stood(f"link:{link.link}", link.state, link.reason, link.since)
    for device in watched.devices:
        yield _Stood(f"device:{device.device}", device.state, device.reason, device.since)
    for probe in watched.probes:
        yield _Stood(f"probe:{probe.name}", probe.state, Reason.TOLD, probe.since, probe.cause)


def _seated(expected: Expected, gateways: Mapping[str, GatewayReading], now: Moment) -> dict[str, GatewayReading]:
    """With what the one that stands by says in the place of the other, where it is the one that works."""
    seated = dict(gateways)
    for first, standby in expected.standbys.items():
        if _holds(gateways[standby], now) and not _holds(gateways[first], now):
            seated[first] = replace(gateways[standby], device=first)
    return seated


def _holds(gateway: GatewayReading, now: Moment) -> bool:
    told = gateway.links_reason is Reason.PROVEN and _is_fresh(_age(gateway.links_at, now))
    return told and gateway.half is not None and gateway.half.holds


def _tunnel(tunnel: ExpectedTunnel, readings: Readings, now: Moment, was: _Before) -> TunnelReading:
    ends = tuple(_end(tunnel.name, readings.gateways[device], now) for device in tunnel.ends)
    probe = readings.echoes.get(tunnel.name)
    fresh: dict[str, SaReading] = {
        end.device: end.sa for end in ends if end.state is not State.UNKNOWN and end.sa is not None
    }
    found = differences(tunnel.tunnel, fresh)
    state, reason = _proven_by_probe(ends, probe) if tunnel.proof is Proof.PROBE else _proven_by_sas(ends)
    if state is State.UP and (worst := flaw(probe, fresh.values(), found)) is not None:
        state, reason = State.DEGRADED, worst
    return TunnelReading(
        tunnel=tunnel.name,
        state=state,
        reason=reason,
        since=was.since(f"tunnel:{tunnel.name}", state),
        proof=tunnel.proof,
        ends=ends,
        probe=probe,
        differences=found,
    )


def _proven_by_probe(ends: tuple[EndReading, ...], probe: ProbeReading | None) -> _Verdict:
    """An end that freshly says no is believed before the probe is lost, and also when the probe is answered: then the
    answer came another way."""
    if (lost := _lost(ends)) is not None:
        return lost
    if probe is None or probe.state is State.UNKNOWN:
        return State.UNKNOWN, Reason.NOT_READ_YET if probe is None else probe.reason
    standing = [end.sa for end in ends if end.state is State.UP and end.sa is not None]
    if not probe.state.works:
        return State.DOWN, _unanswered(standing)
    if not _is_fresh(probe.answer_age_s):
        return State.UNKNOWN, Reason.STALE
    return (State.DOWN, Reason.BESIDE) if beside(probe, standing) else (State.UP, Reason.PROVEN)


def _unanswered(standing: list[SaReading]) -> Reason:
    if not standing:
        return Reason.NO_ANSWER
    return Reason.ONE_WAY if any(map(is_one_way, standing)) else Reason.FAR_END_SILENT


def _proven_by_sas(ends: tuple[EndReading, ...]) -> _Verdict:
    if (lost := _lost(ends)) is not None:
        return lost
    held = [end.sa for end in ends if end.sa is not None and (end.state is State.UP or _is_held(end))]
    if (dead := next(filter(is_dead, held), None)) is not None:
        return State.DOWN, Reason.IKE_SILENT if is_silent(dead) else Reason.ONE_WAY
    if held:
        return State.UP, Reason.PROVEN
    return State.UNKNOWN, ends[0].reason if ends else Reason.NOT_READ_YET


def _is_held(end: EndReading) -> bool:
    """One late answer says nothing of a tunnel: what was read holds until it is stale."""
    return end.reason is Reason.OVERDUE and _is_fresh(end.age_s) and end.sa is not None and carries(end.sa)


def _lost(ends: tuple[EndReading, ...]) -> _Verdict | None:
    return next(((end.state, end.reason) for end in ends if end.state is State.DOWN), None)


def _end(tunnel: str, gateway: GatewayReading, now: Moment) -> EndReading:
    sa, age = gateway.sas.get(tunnel), _age(gateway.sas_at, now)
    state, reason = _read(gateway.sas_reason, age) or _of(sa)
    return EndReading(device=gateway.device, state=state, reason=reason, sa=sa, age_s=age)


def _of(sa: SaReading | None) -> _Verdict:
    if sa is None or not established(sa):
        return State.DOWN, Reason.NO_SA
    return (State.UP, Reason.PROVEN) if carries(sa) else (State.DOWN, Reason.NO_CHILD)


def _link(link: ExpectedLink, readings: Readings, now: Moment, was: _Before) -> LinkReading:
    gateway = readings.gateways[link.device]
    age = _age(gateway.links_at, now)
    state, reason = _read(gateway.links_reason, age) or _carrier(gateway.links.get(link.interface))
    return LinkReading(
        link=link.name,
        kind=link.kind,
        device=link.device,
        interface=link.interface,
        state=state,
        reason=reason,
        since=was.since(f"link:{link.name}", state),
        age_s=age,
    )


def _carrier(told: Carrier | None) -> _Verdict:
    if told is None:
        return State.DOWN, Reason.NO_INTERFACE
    return _CARRIERS[told]


_CARRIERS: dict[Carrier, _Verdict] = {
    Carrier.UP: (State.UP, Reason.PROVEN),
    Carrier.DOWN: (State.DOWN, Reason.NO_CARRIER),
    Carrier.SILENT: (State.DOWN, Reason.NO_WAY),
}


def _device(name: str, gateway: GatewayReading, now: Moment, was: _Before) -> DeviceReading:
    """A device that does not answer may be well behind a line that is not: that it is down nobody can tell."""
    age = _age(gateway.heard_at, now)
    state, reason = _read(gateway.reason, age) or (State.UP, Reason.PROVEN)
    return DeviceReading(device=name, state=state, reason=reason, since=was.since(f"device:{name}", state), age_s=age)


def _read(reason: Reason, age: float | None) -> _Verdict | None:
    """Why nothing can be said, or None when there is a fresh reading."""
    if reason is not Reason.PROVEN:
        return State.UNKNOWN, reason
    return None if _is_fresh(age) else (State.UNKNOWN, Reason.STALE)


def _age(at: float | None, now: Moment) -> float | None:
    return None if at is None else max(0.0, now.monotonic - at)


def _is_fresh(age: float | None) -> bool:
    return age is not None and age <= FRESH_S
