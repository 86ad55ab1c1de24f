"""An emulated device on the network: an SSH server, its accounts, its sessions, its restarts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import asyncssh

from lab.devices.box import Box
from lab.devices.mischief import Mischief
from lab.devices.shell import Console, Restart, Shell

__all__ = ["Emulated", "Server", "serving"]

_RESTART_S = 1.0
_TURNS = 8


class Emulated(Protocol):
    """What a platform brings: its state, and how it is spoken to."""

    box: Box
    mischief: Mischief

    @property
    def accounts(self) -> Mapping[str, str]:
        """Name -> password, as the running configuration has them now."""
        ...

    def console(self, user: str) -> Console:
        """A new session on the command line."""
        ...

    def text(self) -> str:
        """What it runs, as it would save it."""
        ...

    def shut(self) -> bool:
        """Whether the running configuration lets nobody in."""
        ...

    def boot(self) -> None:
        """Begin again from what is saved."""
        ...

    def subsystem(self, name: str) -> Callable[[asyncssh.SSHServerProcess[str]], Awaitable[None]] | None:
        """What answers a subsystem (`netconf`), if it has that one."""
        ...

    def files(self) -> type[asyncssh.SFTPServer] | None:
        """Where SCP puts and takes files, if it does."""
        ...


@dataclass(slots=True)
class Server:
    """A device that is switched on."""

    device: Emulated
    address: str
    port: int
    host_key: asyncssh.SSHKey
    restart_s: float = _RESTART_S
    _listener: asyncssh.SSHAcceptor | None = field(default=None, repr=False)
    _on: bool = field(default=False, repr=False)
    _sessions: set[asyncssh.SSHServerConnection] = field(default_factory=set, repr=False)
    _later: asyncio.Task[None] | None = field(default=None, repr=False)

    async def start(self) -> None:
        """Let people in; the port is known afterwards, also when 0 was asked for."""
        self._on = True
        self._listener = await asyncssh.create_server(
            lambda: _Door(self),
            self.address,
            self.port,
            server_host_keys=[self.host_key],
            process_factory=self._process,
            sftp_factory=self.device.files(),
            allow_scp=self.device.files() is not None,
            line_editor=False,
            encoding="utf-8",
        )
        self.port = self._listener.get_port()

    async def stop(self) -> None:
        """Switch off."""
        if self._later is not None:
            self._later.cancel()
        await self._close()

    def restart(self) -> None:
        """Everybody out, then begin again from what is saved."""
        self._later = asyncio.get_running_loop().create_task(self._again())

    async def _again(self) -> None:
        await self._close()
        self.device.boot()
        await asyncio.sleep(self.restart_s)
        await self.start()

    async def _close(self) -> None:
        self._on = False
        if self._listener is not None:
            # Whoever is just being accepted while it is closed would never be let go (asyncio's Server._attach).
            for listening in self._listener.sockets:
                asyncio.get_running_loop().remove_reader(listening.fileno())
        await self._turns()
        if self._listener is not None:
            self._listener.close()
        for connection in list(self._sessions):
            connection.abort()
        await self._turns()
        if self._listener is not None:
            await self._listener.wait_closed()

    async def _turns(self) -> None:
        """Who was just being let in is turned away by the door, which takes the event loop a few turns."""
        for _turn in range(_TURNS):
            await asyncio.sleep(0)

    async def _process(self, process: asyncssh.SSHServerProcess[str]) -> None:
        if (name := process.subsystem) is not None:
            answer = self.device.subsystem(name)
            if answer is None:
                process.exit(1)
                return
            try:
                await answer(process)
            except Restart:
                self.restart()
            return
        user = str(process.get_extra_info("username"))
        await Shell(self.device.console(user), self.device.box, self.restart).run(process)


class _Door(asyncssh.SSHServer):
    """Who is let in: by password, while there is room."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Turn everybody away who would be one too many, or comes as it is switched off."""
        sessions, device = self._server._sessions, self._server.device
        if not self._server._on or device.shut() or len(sessions) >= device.mischief.sessions:
            conn.abort()
            return
        sessions.add(conn)
        self._connection = conn

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncssh's signature
        """Somebody has gone."""
        if self._connection is not None:
            self._server._sessions.discard(self._connection)

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002  asyncssh's signature
        """Everybody must."""
        return True

    def password_auth_supported(self) -> bool:
        """Passwords are what switches take."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """As configured now."""
        return self._server.device.accounts.get(username.partition("+")[0]) == password


@contextlib.asynccontextmanager
async def serving(device: Emulated, address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Server]:
    """A device switched on for the time of the block, with a host key of its own."""
    server = Server(device, address, port, asyncssh.generate_private_key("ssh-ed25519"))
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
