"""An SNMP agent of version 2c for tests, which can answer as badly as one likes; BER by hand (RFC 3416, X.690)."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

__all__ = ["Agent", "Counter", "Counter64", "Gauge", "Oid", "Raw", "Ticks", "Value", "answer", "serving", "tlv"]

GET, GET_NEXT, RESPONSE, GET_BULK = 0xA0, 0xA1, 0xA2, 0xA5
NO_SUCH, END_OF_VIEW = b"\x81\x00", b"\x82\x00"
OidKey = tuple[int, ...]


class Oid(str):
    """An object identifier as a value."""

    __slots__ = ()


class Counter(int):
    """Counter32."""


class Gauge(int):
    """Gauge32."""


class Ticks(int):
    """TimeTicks."""


class Counter64(int):
    """Counter64."""


class Raw(bytes):
    """A value as it goes over the wire, tag and length included."""


Value = int | str | bytes | Oid | Raw


def tlv(tag: int, content: bytes) -> bytes:
    """Tag, length, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def integer(number: int, tag: int = 2) -> bytes:
    return tlv(tag, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def oid(key: OidKey) -> bytes:
    out = bytearray((key[0] * 40 + key[1],))
    for part in key[2:]:
        chunk = [part & 0x7F]
        while part := part >> 7:
            chunk.append(part & 0x7F | 0x80)
        out += bytes(reversed(chunk))
    return tlv(6, bytes(out))


def key_of(text: str) -> OidKey:
    return tuple(map(int, text.strip(".").split(".")))


_NUMBERS = {Counter: 0x41, Gauge: 0x42, Ticks: 0x43, Counter64: 0x46}


def encoded(value: Value) -> bytes:
    match value:
        case Raw():
            return bytes(value)
        case Oid():
            return oid(key_of(value))
        case str() | bytes():
            return tlv(4, value.encode() if isinstance(value, str) else value)
        case _:
            return integer(value, _NUMBERS.get(type(value), 2))


def parts(data: bytes) -> list[tuple[int, bytes]]:
    """The elements of a sequence."""
    found, at = [], 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            more = size & 0x7F
            size, at = int.from_bytes(data[at : at + more], "big"), at + more
        found.append((tag, data[at : at + size]))
        at += size
    return found


def read_oid(data: bytes) -> OidKey:
    key, number = [min(data[0] // 40, 2)], 0
    key.append(data[0] - 40 * key[0])
    for byte in data[1:]:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            key.append(number)
            number = 0
    return tuple(key)


@dataclass(frozen=True)
class Request:
    """What was asked."""

    kind: int
    number: int
    second: int
    """Non-repeaters of a GETBULK."""
    repetitions: int
    asked: tuple[OidKey, ...]


def request(packet: bytes) -> Request:
    (_tag, message), *_rest = parts(packet)
    _version, _community, (kind, pdu) = parts(message)
    number, second, third, (_sequence, listed) = parts(pdu)
    asked = tuple(read_oid(parts(one)[0][1]) for _tag, one in parts(listed))
    first, *others = (int.from_bytes(value, "big", signed=True) for _tag, value in (number, second, third))
    return Request(kind, first, others[0], others[1], asked)


def answer(
    number: int, bindings: Iterable[tuple[OidKey, bytes]], *, error: int = 0, community: bytes = b"public"
) -> bytes:
    """A response."""
    listed = tlv(0x30, b"".join(tlv(0x30, oid(key) + value) for key, value in bindings))
    pdu = tlv(RESPONSE, integer(number) + integer(error) + integer(0) + listed)
    return tlv(0x30, integer(1) + tlv(4, community) + pdu)


@dataclass
class Agent:
    """Answers from a table. What it was asked is kept."""

    table: Mapping[str, Value]
    most: int = 1_000
    """Bindings it puts into an answer at most."""
    too_big: int | None = None
    """GETBULKs for more than this are answered with tooBig, against RFC 3416."""
    twist: Callable[[Request, bytes], list[bytes]] = lambda _request, packet: [packet]
    """What is sent in the place of an answer."""
    asked: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.become(self.table)

    def become(self, table: Mapping[str, Value]) -> None:
        """Answer from another table."""
        self.table = table
        self._items = sorted((key_of(text), encoded(value)) for text, value in self.table.items())
        self._keys = [key for key, _value in self._items]

    def reply(self, packet: bytes) -> list[bytes]:
        """The packets that answer one."""
        asked = request(packet)
        self.asked.append(asked)
        if self.too_big is not None and asked.kind == GET_BULK and asked.repetitions > self.too_big:
            return self.twist(asked, answer(asked.number, (), error=1))
        return self.twist(asked, answer(asked.number, self._bindings(asked)))

    def _bindings(self, asked: Request) -> list[tuple[OidKey, bytes]]:
        if asked.kind == GET:
            known = dict(self._items)
            return [(key, known.get(key, NO_SUCH)) for key in asked.asked]
        found = []
        rows = asked.repetitions if asked.kind == GET_BULK else 1
        for key in asked.asked:
            first = bisect_right(self._keys, key)
            run = self._items[first : first + min(rows, self.most)]
            found += (
                run if len(run) == rows or len(run) == self.most else [*run, (run[-1][0] if run else key, END_OF_VIEW)]
            )
        return found


class _Protocol(asyncio.DatagramProtocol):
    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self.transport is not None
        for packet in self._agent.reply(data):
            self.transport.sendto(packet, addr)


@asynccontextmanager
async def serving(agent: Agent) -> AsyncIterator[int]:
    """The loopback port at which it answers."""
    loop = asyncio.get_running_loop()
    transport, _protocol = await loop.create_datagram_endpoint(lambda: _Protocol(agent), local_addr=("127.0.0.1", 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
