"""Sends the probes of a matrix for real: sockets made inside the namespaces, one event loop for all of them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import resource
import socket
import struct
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from lab import namespace
from lab.matrix import Outcome, Probe, Protocol, Result
from lab.topology import Topology

__all__ = ["Pace", "run"]

_REFUSED = frozenset({errno.ECONNREFUSED, errno.ECONNRESET})
_KINDS = {
    Protocol.TCP: (socket.SOCK_STREAM, 0),
    Protocol.UDP: (socket.SOCK_DGRAM, 0),
    Protocol.ICMP: (socket.SOCK_RAW, socket.IPPROTO_ICMP),
}
_PAYLOAD = b"fosa practice probe"
_AGAIN_S = 1.5
"""An allowed datagram that is not answered is sent again."""
# A request of an NTP client, version 4: what a time server answers.
_NTP_PORT, _NTP_REQUEST = 123, b"\x23" + bytes(47)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast and how patient."""

    denied_per_second: float = 40.0
    """From the hosts of one zone in one building together: below what a gateway logs, so that no line is missing."""
    silence_s: float = 0.4
    """A denied probe is over when nothing has come back for so long."""
    patience_s: float = 8.0
    """An allowed one gets longer: a busy machine is no firewall."""
    together: int = 40
    """Probes of one host under way at once."""


def run(topology: Topology, prefix: str, probes: Sequence[Probe], pace: Pace | None = None) -> tuple[Result, ...]:
    """What became of each probe. A host of the lab listens on those of its ports that must be reached."""
    _allow_many_files()
    with ExitStack() as stack:
        listeners = [stack.enter_context(one) for one in _listeners(topology, prefix, probes)]
        return asyncio.run(_run(topology, prefix, probes, pace or Pace(), listeners))


async def _run(
    topology: Topology, prefix: str, probes: Sequence[Probe], pace: Pace, listeners: Sequence[socket.socket]
) -> tuple[Result, ...]:
    loop = asyncio.get_running_loop()
    for listener in listeners:
        loop.add_reader(listener, _accept if listener.type is socket.SOCK_STREAM else _echo, listener)
    zones: defaultdict[tuple[str, str], _Gate] = defaultdict(lambda: _Gate(pace.denied_per_second))
    rows: defaultdict[str, list[Probe]] = defaultdict(list)
    for probe in probes:
        rows[probe.node].append(probe)
    tasks = []
    for name, row in rows.items():
        node = topology.node(name)
        gate = zones[node.building, node.zone or node.name]
        tasks.append(_row(_Row(prefix + name, gate, pace), row))
    return tuple(result for row_results in await asyncio.gather(*tasks) for result in row_results)


@dataclass(frozen=True, slots=True)
class _Row:
    namespace: str
    gate: _Gate
    pace: Pace


class _Gate:
    """Lets denied probes of one zone through one after the other, never faster than its rate.

    Each waits for the one before it to have gone: on a busy machine many are due at once, and a gateway would log but
    the first of them.
    """

    def __init__(self, rate: float) -> None:
        self._interval = 1 / rate
        self._turn = asyncio.Lock()
        self._last = 0.0

    async def wait(self) -> None:
        loop = asyncio.get_running_loop()
        async with self._turn:
            await asyncio.sleep(max(0.0, self._last + self._interval - loop.time()))
            self._last = loop.time()


async def _row(row: _Row, probes: Sequence[Probe]) -> list[Result]:
    results: list[Result] = []
    for start in range(0, len(probes), row.pace.together):
        chunk = probes[start : start + row.pace.together]
        sockets = namespace.inside(row.namespace, lambda chunk=chunk: [_socket(probe) for probe in chunk])  # type: ignore[misc]
        with ExitStack() as stack:
            for one in sockets:
                stack.enter_context(one)
            outcomes = await asyncio.gather(*(_probe(row, *pair) for pair in zip(chunk, sockets, strict=True)))
        results += [Result(probe, outcome) for probe, outcome in zip(chunk, outcomes, strict=True)]
    return results


async def _probe(row: _Row, probe: Probe, sock: socket.socket) -> Outcome:
    if not probe.allowed:
        await row.gate.wait()
    patience = row.pace.patience_s if probe.allowed else row.pace.silence_s
    attempt = _connect if probe.protocol is Protocol.TCP else _exchange
    try:
        async with asyncio.timeout(patience):
            await attempt(probe, sock)
    except TimeoutError:
        return Outcome.SILENT
    except OSError as error:
        return Outcome.REFUSED if error.errno in _REFUSED else Outcome.UNREACHABLE
    return Outcome.ANSWERED


async def _connect(probe: Probe, sock: socket.socket) -> None:
    await asyncio.get_running_loop().sock_connect(sock, (str(probe.destination), probe.port))


async def _exchange(probe: Probe, sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    sock.connect((str(probe.destination), probe.port))
    if probe.protocol is Protocol.ICMP:
        number = os.urandom(2)
        await loop.sock_sendall(sock, _echo_request(number))
        while not _is_reply(await loop.sock_recv(sock, 2048), number):
            pass
        return
    while True:
        await loop.sock_sendall(sock, _NTP_REQUEST if probe.port == _NTP_PORT else _PAYLOAD)
        # A datagram may be lost on a busy machine; a denied probe is over before it would be sent again.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_AGAIN_S):
                await loop.sock_recv(sock, 2048)
                return


def _socket(probe: Probe) -> socket.socket:
    family = socket.AF_INET if isinstance(probe.source, IPv4Address) else socket.AF_INET6
    made = socket.socket(family, *_KINDS[probe.protocol])
    made.setblocking(False)
    made.bind((str(probe.source), 0))
    return made


def _echo_request(number: bytes) -> bytes:
    def packet(checksum: int) -> bytes:
        return struct.pack("!BBH", 8, 0, checksum) + number + b"\0\1" + _PAYLOAD + b"\0"

    words = struct.unpack(f"!{len(packet(0)) // 2}H", packet(0))
    total = sum(words)
    total = (total & 0xFFFF) + (total >> 16)
    return packet(~(total + (total >> 16)) & 0xFFFF)


def _is_reply(packet: bytes, number: bytes) -> bool:
    start = (packet[0] & 0xF) * 4
    return packet[start] == 0 and packet[start + 4 : start + 6] == number


def _listeners(topology: Topology, prefix: str, probes: Iterable[Probe]) -> list[socket.socket]:
    wanted: defaultdict[str, set[tuple[IPv4Address | IPv6Address, Protocol, int]]] = defaultdict(set)
    for probe in probes:
        if probe.allowed and probe.protocol is not Protocol.ICMP and isinstance(probe.destination, IPv4Address):
            node = topology.holder(probe.destination)
            if node is not None:
                wanted[node.name].add((probe.destination, probe.protocol, probe.port))
    made: list[socket.socket] = []
    for name, ends in wanted.items():
        made += namespace.inside(prefix + name, _listening(ends))
    return made


def _listening(ends: Iterable[tuple[IPv4Address | IPv6Address, Protocol, int]]) -> Callable[[], list[socket.socket]]:
    return lambda: [one for end in ends if (one := _listen(*end)) is not None]


def _listen(address: IPv4Address | IPv6Address, protocol: Protocol, port: int) -> socket.socket | None:
    """A listener, or None where a daemon of the lab has the port already."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM if protocol is Protocol.TCP else socket.SOCK_DGRAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setblocking(False)
    try:
        made.bind((str(address), port))
        if protocol is Protocol.TCP:
            made.listen(256)
    except OSError:
        made.close()
        return None
    return made


def _accept(listener: socket.socket) -> None:
    try:
        connection, _peer = listener.accept()
    except OSError:
        return
    connection.close()


def _echo(listener: socket.socket) -> None:
    try:
        data, peer = listener.recvfrom(2048)
        listener.sendto(data, peer)
    except OSError:
        return


def _allow_many_files() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
