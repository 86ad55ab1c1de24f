"""Who answers for names in a practice office: A records of what the inventory pins, as a stand-in for a resolver."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path
from typing import cast

from lab.standins.mood import Mood, mood_in
from lab.standins.order import Resolver

__all__ = ["Names", "answer"]

_HEAD = struct.Struct(">HHHHHH")
_A, _IN = 1, 1
_TTL_S = 300
_ANSWERS, _NAME_ERROR = 0x8180, 0x8183
"""An answer of a resolver that asks on; the same, of a name there is not (RFC 1035, section 4.1.1)."""
_ELSEWHERE = "192.0.2.250"


class Names(asyncio.DatagramProtocol):
    """One resolver."""

    def __init__(self, resolver: Resolver, folder: Path) -> None:
        self._resolver, self._folder = resolver, folder
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It listens."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """A question, or something that is none."""
        names = self._resolver.names
        if mood_in(self._folder) is Mood.MOVED:
            names = dict.fromkeys(names, (_ELSEWHERE,))
        said = answer(data, names)
        if said is not None and self._transport is not None:
            self._transport.sendto(said, addr)


def answer(question: bytes, names: dict[str, tuple[str, ...]]) -> bytes | None:
    """The answer to one question; None for what is none."""
    if len(question) < _HEAD.size:
        return None
    number, flags, questions, *_counts = _HEAD.unpack_from(question)
    if flags & 0x8000 or questions != 1:
        return None
    labels, at = [], _HEAD.size
    while at < len(question) and (length := question[at]):
        if length > 63:
            return None
        labels.append(question[at + 1 : at + 1 + length].decode("ascii", "replace").lower())
        at += 1 + length
    asked, end = question[at + 1 : at + 5], at + 5
    if len(asked) < 4:
        return None
    found = names.get(".".join(labels))
    kind, of = struct.unpack(">HH", asked)
    addresses = (found or ()) if (kind, of) == (_A, _IN) else ()
    records = b"".join(
        struct.pack(">HHHIH4B", 0xC00C, _A, _IN, _TTL_S, 4, *map(int, address.split("."))) for address in addresses
    )
    head = _HEAD.pack(number, _NAME_ERROR if found is None else _ANSWERS, 1, len(addresses), 0, 0)
    return head + question[_HEAD.size : end] + records
