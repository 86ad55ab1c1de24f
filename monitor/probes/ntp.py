"""Whether the clocks that the office goes by tell the time, and whether they and this machine's agree."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import combinations
from statistics import median

from inventory.model import Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw
from monitor.probes import sntp
from monitor.probes.base import Outcome, Pace, Probe, Secrets, Target, heard
from monitor.probes.datagrams import exchange
from monitor.probes.ways import Ways
from monitor.refused import Protocol, refuse
from monitor.results import Measured, ProbeKind, State

__all__ = ["PROBE", "Clock", "Clocks"]

_PORT = 123
_PATIENCE_S = 4.0
_OURS = Pace(period_s=60.0, timeout_s=5.0, turn=3)
_THEIRS = Pace(period_s=64.0, timeout_s=5.0, own=False, turn=3)
"""As often as a client of theirs asks at first (RFC 5905, section 7.2: MINPOLL is 6)."""
_ACROSS_OURS = Pace(period_s=60.0, timeout_s=10.0, turn=2)
_ACROSS = Pace(period_s=300.0, timeout_s=10.0, own=False, turn=2)
_OFF_S, _FAR_OFF_S = 1.0, 5.0
"""What a domain system is warned of, and what the strictest platform known bears (Trembita's requirements, 4)."""
_APART_S = 2.0
_DISTANCE_S = 1.0
"""Whoever is further from a true clock by its own account is no source (RFC 5905, section 7.2: MAXDIST)."""
_STEP_S = 0.1
"""So much an answer may seem to be under way too long or too short: either clock may have been set meanwhile."""
_UNSET_LEAP, _UNSET_STRATUM = 3, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Target):
    """One server of time."""

    address: IPv4Address
    title: str
    """Short, for sentences: `gw-k`, `192.0.2.123`."""
    port: int = _PORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks(Target):
    """All of them, to be held against each other."""

    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    """What a clock answered, and the difference from ours."""

    clock: Clock
    answer: sntp.Answer
    offset_s: float
    delay_s: float

    @property
    def doubt(self) -> Sentence | None:
        """Why it is not to be gone by; None where it is."""
        answer = self.answer
        if answer.kiss:
            return say(N_("does not want to be asked: {code}"), code=heard(answer.kiss))
        if answer.leap == _UNSET_LEAP or not 0 < answer.stratum < _UNSET_STRATUM:
            return say(N_("says itself that its clock is not set"))
        if answer.sent == 0 or not -_STEP_S <= self.delay_s <= _PATIENCE_S + _STEP_S:
            return say(N_("answers with times that cannot be"))
        if answer.root_distance_s > _DISTANCE_S:
            return say(N_("is wrong by more than a second, by its own account"))
        return None


def _targets(office: Office) -> Iterator[Clock | Clocks]:
    ways = Ways(office)
    clocks = tuple(each for each in _clocks(office) if ways.lead_to(each.address, "udp", each.port))
    yield from clocks
    where = ", ".join(clock.title for clock in clocks)
    pace = _ACROSS_OURS if all(clock.pace.own for clock in clocks) else _ACROSS
    yield Clocks(name="office", subject=f"office:{office.name}", where=where, pace=pace, clocks=clocks)


def _clocks(office: Office) -> Iterator[Clock]:
    known = set()
    for device in office.gateways:
        if device.address is not None:
            known.add(device.address)
            yield _clock(device.name, f"device:{device.name}", device.address, _OURS)
    inside = office.prefixes
    for address in office.network.time_sources:
        if address not in known:
            own = any(address in prefix for prefix in inside)
            yield _clock(str(address), f"office:{office.name}", address, _OURS if own else _THEIRS)


def _clock(title: str, subject: str, address: IPv4Address, pace: Pace) -> Clock:
    where = f"{address} UDP port {_PORT}"
    return Clock(name=title, subject=subject, where=where, pace=pace, address=address, title=title)


async def _ask(target: Clock | Clocks, _secrets: Secrets) -> Outcome:
    return await (_ask_one(target) if isinstance(target, Clock) else _ask_all(target))


async def _ask_one(clock: Clock) -> Outcome:
    told = await _told(clock)
    sent = f"NTP request to {clock.where}"
    if not isinstance(told, _Told):
        return Outcome(state=State.DOWN, cause=told, sent=sent)
    answer = told.answer
    state, cause = _judged(told)
    return Outcome(
        state=state,
        cause=cause,
        sent=sent,
        received=f"stratum {answer.stratum}, leap {answer.leap}, root distance {answer.root_distance_s:.3f} s,"
        f" offset {told.offset_s:+.6f} s, delay {told.delay_s:.6f} s",
        seconds=max(0.0, told.delay_s),
        measured=(
            Measured(name="offset_seconds", value=told.offset_s),
            Measured(name="delay_seconds", value=max(0.0, told.delay_s)),
            Measured(name="stratum", value=float(answer.stratum)),
        )
        if told.doubt is None
        else (),
    )


def _judged(told: _Told) -> tuple[State, Sentence]:
    if told.doubt is not None:
        return State.DOWN if told.answer.kiss else State.DEGRADED, told.doubt
    if abs(told.offset_s) > _OFF_S:
        state = State.DOWN if abs(told.offset_s) > _FAR_OFF_S else State.DEGRADED
        text = N_("its clock and this machine's differ by {seconds} s")
        return state, say(text, seconds=round(abs(told.offset_s)))
    return State.UP, say(N_("tells the time"))


async def _told(clock: Clock) -> _Told | Sentence:
    """What it told, or why nothing of it can be believed. Raises OSError."""
    nonce = secrets.randbits(64)
    asked = sntp.now()

    def understand(data: bytes) -> tuple[sntp.Answer, int] | None:
        answer = sntp.parse(data, nonce)
        if isinstance(answer, Flaw):
            refuse(Protocol.NTP, answer)
            return None
        return answer, sntp.now()

    came = await exchange(clock.address, clock.port, sntp.question(nonce), understand, _PATIENCE_S)
    if came.answer is None:
        if came.doubted:
            return say(N_("what came from there is no answer to the question; datagrams: {count}"), count=came.doubted)
        return say(N_("no answer within {seconds} s"), seconds=f"{_PATIENCE_S:g}")
    answer, answered = came.answer
    return _Told(clock, answer, answer.offset_s(asked, answered), answer.delay_s(asked, answered))


async def _ask_all(clocks: Clocks) -> Outcome:
    found = await asyncio.gather(*(_sound(clock) for clock in clocks.clocks))
    told = [one for one in found if one is not None]
    state, cause = _agreed(told)
    return Outcome(
        state=state,
        cause=cause,
        sent=f"NTP requests to {clocks.where}",
        received=", ".join(f"{one.clock.title} {one.offset_s:+.3f} s" for one in told),
    )


async def _sound(clock: Clock) -> _Told | None:
    """What it told, where it can be gone by; why not, its own probe says."""
    try:
        told = await _told(clock)
    except OSError:
        return None
    return told if isinstance(told, _Told) and told.doubt is None else None


def _agreed(told: Sequence[_Told]) -> tuple[State, Sentence]:
    """What two clocks and more say about each other, and all of them about this machine's."""
    if len(told) < 2:
        return State.UNKNOWN, say(N_("it takes two clocks to tell a wrong one, and fewer tell the time"))
    a, b = max(combinations(told, 2), key=lambda pair: abs(pair[0].offset_s - pair[1].offset_s))
    if abs(a.offset_s - b.offset_s) > _APART_S:
        text = N_("{a} and {b} differ by {seconds} s")
        seconds = round(abs(a.offset_s - b.offset_s))
        return State.DEGRADED, say(text, a=a.clock.title, b=b.clock.title, seconds=seconds)
    ours = abs(median(one.offset_s for one in told))
    if ours > _OFF_S:
        text = N_("this machine's clock is off by {seconds} s: the others agree")
        return State.DOWN if ours > _FAR_OFF_S else State.DEGRADED, say(text, seconds=round(ours))
    return State.UP, say(N_("the clocks agree"))


PROBE = Probe(ProbeKind.NTP, _targets, _ask)
