"""The states of a gateway's interfaces, as its gate tells them: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from monitor.errors import Flaw, NonsenseError, SilenceError
from monitor.readings import Carrier, Half
from monitor.refused import Protocol, checked, refuse
from monitor.streams import Stream

__all__ = ["Told", "lines", "parse_line"]

_LINE_BYTES = 65536
_INTERFACES = 1024
_READ_BYTES = 65536
_CARRIERS = {carrier.value: carrier for carrier in Carrier}


@dataclass(frozen=True, slots=True)
class Told:
    """What a gateway says of itself in one line."""

    links: Mapping[str, Carrier]
    """How each interface is."""
    half: Half | None
    """How it is as one of two; None where it says nothing of that."""


async def lines(stream: Stream) -> AsyncGenerator[bytes, None]:
    """The lines of a stream, without their ends. Raises SilenceError at its end, NonsenseError for a line too long."""
    held = bytearray()
    while chunk := await stream.read(_READ_BYTES):
        held += chunk
        *whole, rest = held.split(b"\n")
        for line in whole:
            yield bytes(line)
        held = rest
        if len(held) > _LINE_BYTES:
            refuse(Protocol.GATE, Flaw.TOO_MUCH)
            raise NonsenseError("a line without an end")
    raise SilenceError("the gate told no more of its interfaces")


@checked(Protocol.GATE)
def parse_line(line: bytes) -> Told:
    """What one line tells. Raises NonsenseError."""
    said = _said(line)
    links = said.get("links")
    if not isinstance(links, dict) or len(links) > _INTERFACES:
        raise NonsenseError("a line without interfaces")
    return Told({name: _up(state) for name, state in links.items()}, _half(said["pair"]) if "pair" in said else None)


def _said(line: bytes) -> dict[str, object]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise NonsenseError("a line that is no JSON") from None
    return said if isinstance(said, dict) else {}


def _half(pair: object) -> Half:
    holds, ready = (pair.get("holds"), pair.get("ready")) if isinstance(pair, dict) else (None, None)
    if not isinstance(holds, bool) or not isinstance(ready, bool):
        raise NonsenseError("a line with half a pair")
    return Half(holds, ready)


def _up(state: object) -> Carrier:
    if not isinstance(state, str) or state not in _CARRIERS:
        raise NonsenseError("an interface in no known state")
    return _CARRIERS[state]
