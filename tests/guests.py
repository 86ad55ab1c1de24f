"""Who is connected to an SSH server of a test: its loop must not end before they are gone."""

from __future__ import annotations

import asyncio

import asyncssh

__all__ = ["Guests", "Host"]

_TURNS = 8
"""Of the event loop: somebody may just be coming in, and who is turned away takes some to go."""


class Host(asyncssh.SSHServer):
    """Notes who comes and goes."""

    def __init__(self, guests: set[asyncssh.SSHServerConnection]) -> None:
        self._guests = guests
        self._guest: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Somebody comes."""
        self._guest = conn
        self._guests.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncssh's signature
        """Somebody has gone."""
        if self._guest is not None:
            self._guests.discard(self._guest)


class Guests:
    """To be given to asyncssh as its `server_factory`."""

    def __init__(self, host: type[Host] = Host) -> None:
        self._host = host
        self._here: set[asyncssh.SSHServerConnection] = set()

    def __call__(self) -> Host:
        return self._host(self._here)

    async def leave(self, server: asyncssh.SSHAcceptor) -> None:
        """Let nobody in any more, and everybody go."""
        # Whoever is just being accepted while it is closed would never be let go (asyncio's Server._attach).
        for listening in server.sockets:
            asyncio.get_running_loop().remove_reader(listening.fileno())
        for turn in range(2 * _TURNS):
            if turn == _TURNS:
                server.close()
            for guest in list(self._here):
                guest.abort()
            await asyncio.sleep(0)
        await server.wait_closed()
