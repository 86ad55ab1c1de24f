"""One socket to one responder, and what it answers in time."""

from __future__ import annotations

import asyncio
import contextlib
from ipaddress import IPv4Address

from monitor.errors import Flaw, NonsenseError
from monitor.ike.answer import Answer, parse
from monitor.ike.message import Query
from monitor.refused import Protocol, checked, refuse

__all__ = ["Talk"]

_ANSWER_S = 1.5
_TRIES = 2


class Talk(asyncio.DatagramProtocol):
    """One question is under way at a time."""

    def __init__(self) -> None:
        self._came: asyncio.Queue[bytes | Exception] = asyncio.Queue(maxsize=32)
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    async def open(cls, address: IPv4Address, port: int) -> Talk:
        """A socket for it."""
        transport, talk = await asyncio.get_running_loop().create_datagram_endpoint(
            cls, remote_addr=(str(address), port)
        )
        talk._transport = transport
        return talk

    def close(self) -> None:
        """End it."""
        if self._transport is not None:
            self._transport.close()

    async def answered(self, query: Query) -> Answer | None:
        """What is answered; None: nothing, twice. Raises OSError where nothing listens."""
        assert self._transport is not None  # noqa: S101  `open` sets it
        for _try in range(_TRIES):
            self._transport.sendto(query.message)
            try:
                async with asyncio.timeout(_ANSWER_S):
                    return await self._next(query)
            except TimeoutError:
                continue
        return None

    async def _next(self, query: Query) -> Answer:
        while True:
            came = await self._came.get()
            if isinstance(came, Exception):
                raise came
            # A late answer to the question before, or a stranger's: neither says anything of this one.
            with contextlib.suppress(NonsenseError), checked(Protocol.IKE):
                return parse(came, query)

    def datagram_received(self, data: bytes, _address: object) -> None:
        """Called by asyncio."""
        self._put(data)

    def error_received(self, exc: Exception) -> None:
        """Called by asyncio."""
        self._put(exc)

    def _put(self, came: bytes | Exception) -> None:
        # More than a responder says is a flood: it is not kept.
        if self._came.full():
            refuse(Protocol.IKE, Flaw.TOO_MUCH)
        else:
            self._came.put_nowait(came)
