"""The states of a gateway's interfaces, as its gate tells them: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping

from monitor.errors import NonsenseError, SilenceError
from monitor.streams import Stream

__all__ = ["lines", "parse_links"]

_LINE_BYTES = 65536
_INTERFACES = 1024
_READ_BYTES = 65536
_UP = {"up": True, "down": False}


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
            raise NonsenseError("a line without an end")
    raise SilenceError("the gate told no more of its interfaces")


def parse_links(line: bytes) -> Mapping[str, bool]:
    """Whether each interface has a link. Raises NonsenseError."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise NonsenseError("a line that is no JSON") from None
    links = said.get("links") if isinstance(said, dict) else None
    if not isinstance(links, dict) or len(links) > _INTERFACES:
        raise NonsenseError("a line without interfaces")
    return {name: _up(state) for name, state in links.items()}


def _up(state: object) -> bool:
    if not isinstance(state, str) or state not in _UP:
        raise NonsenseError("an interface in no known state")
    return _UP[state]
