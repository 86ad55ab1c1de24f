"""TLS over a plain socket: what a peer said before it hung up is read, also where nothing can be sent any more.

asyncio's own streams drop it: the first failed sending ends them, and with them the alert that says why.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from monitor.errors import Flaw
from monitor.refused import Protocol, refuse

__all__ = ["Pipe", "piped"]

_PART_BYTES = 16 * 1024
_MOST_BYTES = 512 * 1024
"""A handshake with the longest chain OpenSSL takes is a fifth of it."""
T = TypeVar("T")


class Pipe:
    """A TLS client's end. Raises what ssl raises; ConnectionResetError where the peer hangs up or says too much."""

    def __init__(self, connected: socket.socket, context: ssl.SSLContext, name: str) -> None:
        self._socket = connected
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname=name)
        self._taken = 0

    @property
    def protocol(self) -> str:
        """As negotiated: `TLSv1.3`."""
        return self._tls.version() or ""

    @property
    def cipher(self) -> str:
        """As negotiated, in OpenSSL's words."""
        return (self._tls.cipher() or ("",))[0]

    async def shake(self) -> None:
        """Shake hands."""
        await self._until(self._tls.do_handshake)

    async def say(self, data: bytes) -> None:
        """Send."""
        await self._until(lambda: self._tls.write(data))

    async def hear(self, size: int) -> bytes:
        """What comes next; nothing when the peer closes as it should."""
        try:
            return await self._until(lambda: self._tls.read(size))
        except ssl.SSLZeroReturnError:
            return b""

    async def farewell(self) -> None:
        """Say that this end closes; whether the other says so too is not waited for."""
        with contextlib.suppress(OSError):
            self._tls.unwrap()
        await self._flush()

    async def _until(self, step: Callable[[], T]) -> T:
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._fill()
            except ssl.SSLError:
                await self._flush()  # our alert
                raise
            else:
                await self._flush()
                return done

    async def _flush(self) -> None:
        # Whether it could be sent the next reading tells, after what the peer has said before.
        with contextlib.suppress(OSError):
            await asyncio.get_running_loop().sock_sendall(self._socket, self._out.read())

    async def _fill(self) -> None:
        data = await asyncio.get_running_loop().sock_recv(self._socket, _PART_BYTES)
        self._taken += len(data)
        if self._taken > _MOST_BYTES:
            refuse(Protocol.TLS, Flaw.TOO_MUCH)
            raise ConnectionResetError
        if not data:
            raise ConnectionResetError
        self._in.write(data)


@contextlib.asynccontextmanager
async def piped(address: str, port: int, context: ssl.SSLContext, name: str) -> AsyncIterator[Pipe]:
    """A connection on which nobody has shaken hands yet. OSError where there is none."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as connected:
        await asyncio.get_running_loop().sock_connect(connected, (address, port))
        yield Pipe(connected, context, name)
