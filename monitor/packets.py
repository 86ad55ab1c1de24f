"""vici's packets, read strictly: a byte too many, a cut-off value or an unknown mark makes the whole packet nonsense.

The format is in strongSwan's src/libcharon/plugins/vici/README.md. The client library's own reader passes over unknown
marks and takes cut-off values for whole ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import TypeAlias, Union

from monitor.errors import NonsenseError

__all__ = ["PACKET_BYTES", "Kind", "Section", "parse_message", "parse_packet"]

PACKET_BYTES = 512 * 1024
"""The longest packet charon sends."""
_DEPTH = 16
_COUNT = 4096

Section: TypeAlias = Mapping[str, Union[bytes, tuple[bytes, ...], "Section"]]
"""A part of a message: names with values, lists and parts of their own."""
_Open: TypeAlias = dict[str, bytes | tuple[bytes, ...] | Section]


class Kind(IntEnum):
    """What a packet is."""

    CMD_REQUEST = 0
    CMD_RESPONSE = 1
    CMD_UNKNOWN = 2
    EVENT_REGISTER = 3
    EVENT_UNREGISTER = 4
    EVENT_CONFIRM = 5
    EVENT_UNKNOWN = 6
    EVENT = 7


class _Mark(IntEnum):
    SECTION_START = 1
    SECTION_END = 2
    KEY_VALUE = 3
    LIST_START = 4
    LIST_ITEM = 5
    LIST_END = 6


def parse_packet(packet: bytes) -> tuple[Kind, str, bytes]:
    """The kind, the name (of an event; else empty) and the message, still closed. Raises NonsenseError."""
    if not packet:
        raise NonsenseError("a packet without a kind")
    try:
        kind = Kind(packet[0])
    except ValueError:
        raise NonsenseError(f"a packet of unknown kind {packet[0]}") from None
    if kind is not Kind.EVENT:
        return kind, "", packet[1:]
    reader = _Reader(packet, 1)
    name = reader.name()
    return kind, name, packet[reader.at :]


def parse_message(message: bytes) -> Section:
    """The message, open. Raises NonsenseError."""
    reader = _Reader(message, 0)
    stack: list[_Open] = [{}]
    count = 0
    while reader.more:
        count += 1
        mark = reader.byte()
        if mark == _Mark.KEY_VALUE:
            _put(stack[-1], reader.name(), reader.value())
        elif mark == _Mark.SECTION_START:
            inner: _Open = {}
            _put(stack[-1], reader.name(), inner)
            stack.append(inner)
        elif mark == _Mark.SECTION_END and len(stack) > 1:
            stack.pop()
        elif mark == _Mark.LIST_START:
            _put(stack[-1], reader.name(), reader.items())
        else:
            raise NonsenseError(f"mark {mark} where none may stand")
        if len(stack) > _DEPTH or count > _COUNT:
            raise NonsenseError("a message too deep or too long")
    if len(stack) > 1:
        raise NonsenseError("a message that ends too early")
    return stack[0]


def _put(section: _Open, name: str, value: bytes | tuple[bytes, ...] | Section) -> None:
    if name in section:
        raise NonsenseError("a name that stands twice")
    section[name] = value


class _Reader:
    """A place in some bytes."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self.at = at

    @property
    def more(self) -> bool:
        return self.at < len(self._data)

    def byte(self) -> int:
        return self._take(1)[0]

    def name(self) -> str:
        name = self._take(self.byte())
        if not name.isascii() or not name.decode("ascii").isprintable():
            raise NonsenseError("a name with odd bytes")
        return name.decode("ascii")

    def value(self) -> bytes:
        return self._take(int.from_bytes(self._take(2), "big"))

    def items(self) -> tuple[bytes, ...]:
        found = []
        while (mark := self.byte()) == _Mark.LIST_ITEM:
            found.append(self.value())
        if mark != _Mark.LIST_END:
            raise NonsenseError("a list that does not end")
        return tuple(found)

    def _take(self, count: int) -> bytes:
        taken = self._data[self.at : self.at + count]
        if len(taken) < count:
            raise NonsenseError("a packet that ends too early")
        self.at += count
        return taken
