"""Readings and the inventory in, the picture of a moment out: pure, so that every case can be held by a test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from monitor.differences import differences
from monitor.expected import Expected, ExpectedLink, ExpectedTunnel
from monitor.readings import FRESH_S, GatewayReading
from monitor.results import (
    DeviceReading,
    EndReading,
    Event,
    LinkReading,
    ProbeReading,
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
    probes: Mapping[str, ProbeReading]
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
    was = _Before(now.clock, {subject: (state, since) for subject, state, _reason, since in _states(before)})
    return Watched(
        office=expected.office,
        began=before.began,
        at=now.clock,
        round=before.round + 1,
        tunnels=tuple(_tunnel(tunnel, readings, now, was) for tunnel in expected.tunnels),
        links=tuple(_link(link, readings, now, was) for link in expected.links),
        devices=tuple(_device(name, readings, now, was) for name in expected.devices),
        problems=readings.problems,
    )


def events(before: Watched, after: Watched) -> tuple[Event, ...]:
    """What changed its state between two pictures, in the picture's order."""
    was = {subject: state for subject, state, _reason, _since in _states(before)}
    return tuple(
        Event(at=after.at, subject=subject, before=was.get(subject, State.UNKNOWN), after=state, reason=reason)
        for subject, state, reason, _since in _states(after)
        if was.get(subject, State.UNKNOWN) is not state
    )


def _states(watched: Watched) -> Iterator[tuple[str, State, Reason, dt.datetime]]:
    for tunnel in watched.tunnels:
        yield f"tunnel:{tunnel.tunnel}", tunnel.state, tunnel.reason, tunnel.since
        for end in tunnel.ends:
            yield f"end:{tunnel.tunnel}/{end.device}", end.state, end.reason, watched.at
    for link in watched.links:
        yield f"link:{link.link}", link.state, link.reason, link.since
    for device in watched.devices:
        yield f"device:{device.device}", device.state, device.reason, device.since


def _tunnel(tunnel: ExpectedTunnel, readings: Readings, now: Moment, was: _Before) -> TunnelReading:
    ends = tuple(_end(tunnel.name, readings.gateways[device], now) for device in tunnel.ends)
    probe = readings.probes.get(tunnel.name)
    state, reason = _proven_by_probe(ends, probe) if tunnel.proof is Proof.PROBE else _proven_by_sas(ends)
    fresh: dict[str, SaReading] = {
        end.device: end.sa for end in ends if end.state is not State.UNKNOWN and end.sa is not None
    }
    return TunnelReading(
        tunnel=tunnel.name,
        state=state,
        reason=reason,
        since=was.since(f"tunnel:{tunnel.name}", state),
        proof=tunnel.proof,
        ends=ends,
        probe=probe,
        differences=differences(tunnel.tunnel, fresh),
    )


def _proven_by_probe(ends: tuple[EndReading, ...], probe: ProbeReading | None) -> _Verdict:
    """An end that freshly says no is believed before the probe is lost, and also when the probe is answered: then the
    answer came another way."""
    if (lost := _lost(ends)) is not None:
        return lost
    if probe is None or probe.state is State.UNKNOWN:
        return State.UNKNOWN, Reason.NOT_READ_YET if probe is None else probe.reason
    if probe.state is State.UP:
        return (State.UP, Reason.PROVEN) if _is_fresh(probe.answer_age_s) else (State.UNKNOWN, Reason.STALE)
    silent = any(end.state is State.UP for end in ends)
    return State.DOWN, Reason.FAR_END_SILENT if silent else Reason.NO_ANSWER


def _proven_by_sas(ends: tuple[EndReading, ...]) -> _Verdict:
    if (lost := _lost(ends)) is not None:
        return lost
    if any(end.state is State.UP or _is_held(end) for end in ends):
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


def _carrier(up: bool | None) -> _Verdict:
    if up is None:
        return State.DOWN, Reason.NO_INTERFACE
    return (State.UP, Reason.PROVEN) if up else (State.DOWN, Reason.NO_CARRIER)


def _device(name: str, readings: Readings, now: Moment, was: _Before) -> DeviceReading:
    """A device that does not answer may be well behind a line that is not: that it is down nobody can tell."""
    gateway = readings.gateways[name]
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
