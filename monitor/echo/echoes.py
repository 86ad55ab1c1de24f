"""Echo requests through a tunnel, every 100 ms while answers come, from one raw socket.

Answers are taken from the socket at each beat, not when they come: the kernel has stamped them, so that a busy process
measures no longer way, and a beat costs one waking.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import struct
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from inventory.errors import DriverError
from inventory.words import gettext as _
from monitor.echo import canary
from monitor.echo.course import INTERVAL_S, WAIT_S, Course, Outcome, Probe
from monitor.echo.packet import ECHO_REPLY, Reply, reply, request
from monitor.readings import OnChange
from monitor.results import ProbeExchange, ProbeReading

__all__ = ["Echoes"]

_SO_TIMESTAMPNS = 35
"""The socket module has no name for it."""
_SOL_RAW, _ICMP_FILTER = 255, 1
_TIMESPEC = struct.Struct("@ll")
_BUFFER_BYTES = 2048
_ANSWERS_A_BEAT = 256
"""Whoever floods this machine with echo replies must not hold the beat up."""


@dataclass(frozen=True, slots=True)
class _Flight:
    """A request that is under way."""

    at: float
    clock_ns: int
    address: IPv4Address
    identifier: int
    sequence: int
    token: bytes

    def __str__(self) -> str:
        return f"echo request to {self.address} id {self.identifier} seq {self.sequence} token {self.token.hex()}"


@dataclass(slots=True)
class _Target:
    """One address, with what is on its way to it."""

    address: IPv4Address
    identifier: int
    course: Course
    host: str = field(init=False)
    packed: bytes = field(init=False)
    sequence: int = 0
    flights: OrderedDict[int, _Flight] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.host, self.packed = str(self.address), self.address.packed


class Echoes:
    """The echo probes of a watch. A state turns after three outcomes of one kind in a row."""

    def __init__(self, targets: Mapping[str, IPv4Address], on_change: OnChange) -> None:
        identifiers = secrets.SystemRandom().sample(range(1, 1 << 16), len(targets))
        self._targets = {
            name: _Target(address, identifier, Course(name, str(address)))
            for identifier, (name, address) in zip(identifiers, targets.items(), strict=True)
        }
        self._by_identifier = {target.identifier: target for target in self._targets.values()}
        self._on_change = on_change
        self._socket: socket.socket | None = None
        self._beats = 0

    def prepare(self) -> None:
        """Open the raw socket, which needs CAP_NET_RAW. May be repeated. Raises DriverError."""
        if self._socket is not None or not self._targets:
            return
        try:
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMP)
        except OSError as error:
            text = _("no probes: a raw socket cannot be opened ({why}); run as root or with CAP_NET_RAW")
            raise DriverError(text.format(why=error.strerror)) from error
        raw.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        raw.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("@I", 0xFFFFFFFF & ~(1 << ECHO_REPLY)))
        self._socket = raw

    async def run(self) -> None:
        """Beat until cancelled."""
        self.prepare()
        if self._socket is None:
            return
        loop = asyncio.get_running_loop()
        beat = loop.time()
        try:
            while True:
                self._beat(self._socket, loop.time())
                # A beat that was missed stays missed: two at once would measure nothing.
                beat = max(beat + INTERVAL_S, loop.time())
                await asyncio.sleep(beat - loop.time())
        finally:
            self._socket.close()
            self._socket = None

    def readings(self) -> Mapping[str, ProbeReading]:
        """How each target is now."""
        now = time.monotonic()
        return {name: target.course.reading(now) for name, target in self._targets.items()}

    def exchanges(self, name: str) -> tuple[Sequence[ProbeExchange], Sequence[ProbeExchange]] | None:
        """The last exchanges of a target."""
        target = self._targets.get(name)
        return None if target is None else target.course.exchanges()

    def _beat(self, raw: socket.socket, now: float) -> None:
        changed = False
        self._beats += 1
        for answer, stamp_ns in _answers(raw):
            changed |= self._answered(answer, stamp_ns, now)
        for target in self._targets.values():
            changed |= _expire(target, now)
            if target.course.due(self._beats):
                changed |= _send(raw, target, now)
        if changed:
            self._on_change()

    def _answered(self, answer: Reply, stamp_ns: int | None, now: float) -> bool:
        target = self._by_identifier.get(answer.identifier)
        if target is None or answer.sender != target.packed:
            return False
        flight = target.flights.get(answer.sequence)
        if flight is None or answer.token != flight.token:
            return False
        del target.flights[answer.sequence]
        rtt = _round_trip(flight, stamp_ns, now)
        late = rtt > WAIT_S
        return target.course.add(
            Probe(
                at=flight.at,
                clock_ns=flight.clock_ns,
                sent=flight,
                outcome=Outcome.LOST if late else Outcome.ANSWERED,
                received=answer,
                rtt_s=None if late else rtt,
                problem=f"answered too late, after {rtt:.3f} s" if late else "",
            )
        )


def _send(raw: socket.socket, target: _Target, now: float) -> bool:
    target.sequence = (target.sequence + 1) & 0xFFFF
    token = canary.token()
    flight = _Flight(now, time.time_ns(), target.address, target.identifier, target.sequence, token)
    try:
        raw.sendto(request(target.identifier, target.sequence, token), (target.host, 0))
    except OSError as error:
        problem = f"not sent: {error.strerror}"
        return target.course.add(Probe(now, flight.clock_ns, flight, Outcome.UNSENT, problem=problem))
    target.flights[target.sequence] = flight
    return False


def _expire(target: _Target, now: float) -> bool:
    """Count what has been waited for long enough as lost."""
    changed = False
    # The beat comes a little before its time now and then, and a timer has its grain.
    while target.flights and (flight := next(iter(target.flights.values()))).at <= now - WAIT_S + 0.005:
        del target.flights[flight.sequence]
        problem = f"no answer within {WAIT_S} s"
        changed |= target.course.add(Probe(flight.at, flight.clock_ns, flight, Outcome.LOST, problem=problem))
    return changed


def _answers(raw: socket.socket) -> Iterator[tuple[Reply, int | None]]:
    """Everything that waits in the socket, with the kernel's stamp of its coming."""
    for _each in range(_ANSWERS_A_BEAT):
        try:
            packet, ancillary, _flags, _address = raw.recvmsg(_BUFFER_BYTES, 64)
        except OSError:
            return
        if (answer := reply(packet)) is not None:
            stamps = [data for level, kind, data in ancillary if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS)]
            yield answer, _nanoseconds(stamps[0]) if stamps else None


def _nanoseconds(stamp: bytes) -> int:
    seconds, nanoseconds = _TIMESPEC.unpack(stamp)
    return int(seconds) * 1_000_000_000 + int(nanoseconds)


def _round_trip(flight: _Flight, stamp_ns: int | None, now: float) -> float:
    """By the kernel's stamp, unless somebody has set the clock meanwhile; then by the beat, which is never shorter."""
    longest = now - flight.at
    if stamp_ns is None:
        return longest
    stamped = (stamp_ns - flight.clock_ns) / 1e9
    return stamped if 0 <= stamped <= longest else longest
