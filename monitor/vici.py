"""charon's control protocol over a stream, as far as reading goes: list-sas, and events that say when to list again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from vici.protocol import Packet

from monitor.errors import Flaw, NonsenseError, SilenceError
from monitor.packets import PACKET_BYTES, Kind, Section, parse_message, parse_packet
from monitor.refused import Protocol, checked
from monitor.streams import Stream

__all__ = ["EVENTS", "Vici"]

EVENTS = ("ike-updown", "child-updown", "ike-rekey", "child-rekey")
"""What a watch is told of by itself."""
_LISTED = 4096
_LISTED_BYTES = 8 << 20
_READ_BYTES = 65536

OnEvent = Callable[[str, Section], None]


class Vici:
    """One client of one charon. Requests go one at a time; events come whenever they come."""

    def __init__(self, stream: Stream, on_event: OnEvent) -> None:
        """`on_event` is called from `pump` with the name and message of each event of EVENTS; it must not block."""
        self._stream = stream
        self._on_event = on_event
        self._held = bytearray()
        self._answer: asyncio.Future[tuple[Kind, bytes]] | None = None
        self._listed: list[Section] = []
        self._listed_bytes = 0

    async def pump(self) -> None:
        """Read for ever. Raises SilenceError when the stream ends, NonsenseError when what comes is no vici."""
        while True:
            with checked(Protocol.VICI):
                while (packet := self._packet()) is not None:
                    self._take(packet)
            chunk = await self._stream.read(_READ_BYTES)
            if not chunk:
                raise SilenceError("charon's socket was closed")
            self._held += chunk

    async def begin(self) -> None:
        """Ask to be told of everything; while `pump` runs, like all requests."""
        await self._request("version")
        for event in (*EVENTS, "list-sa"):
            kind, _message = await self._ask(Packet.register_event(event))
            if kind is not Kind.EVENT_CONFIRM:
                raise NonsenseError(f"charon does not tell of {event}", None)

    async def list_sas(self) -> tuple[Section, ...]:
        """All security associations, one section each."""
        self._listed, self._listed_bytes = [], 0
        await self._request("list-sas")
        return tuple(self._listed)

    async def _request(self, command: str) -> Section:
        kind, message = await self._ask(Packet.request(command))
        if kind is not Kind.CMD_RESPONSE:
            raise NonsenseError(f"charon does not know {command}", None)
        with checked(Protocol.VICI):
            return parse_message(message)

    async def _ask(self, packet: bytes) -> tuple[Kind, bytes]:
        self._answer = asyncio.get_running_loop().create_future()
        try:
            await self._stream.write(len(packet).to_bytes(4, "big") + packet)
            return await self._answer
        finally:
            self._answer = None

    def _packet(self) -> bytes | None:
        if len(self._held) < 4:
            return None
        end = 4 + int.from_bytes(self._held[:4], "big")
        if end - 4 > PACKET_BYTES:
            raise NonsenseError("a packet longer than charon's are", Flaw.TOO_MUCH)
        if len(self._held) < end:
            return None
        packet = bytes(self._held[4:end])
        del self._held[:end]
        return packet

    def _take(self, packet: bytes) -> None:
        kind, name, message = parse_packet(packet)
        if kind is not Kind.EVENT:
            if self._answer is None or self._answer.done():
                raise NonsenseError("an answer to no question", Flaw.UNASKED)
            self._answer.set_result((kind, message))
        elif name == "list-sa":
            self._listed_bytes += len(message)
            if len(self._listed) >= _LISTED or self._listed_bytes > _LISTED_BYTES:
                raise NonsenseError("more security associations than a gateway can have", Flaw.TOO_MUCH)
            self._listed.append(parse_message(message))
        elif name in EVENTS:
            self._on_event(name, parse_message(message))
