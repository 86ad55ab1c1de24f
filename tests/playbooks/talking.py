"""Devices that talk as a test wants them to, over SSH on 127.0.0.1; drivers block, so each has a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address
from pathlib import Path

import asyncssh
from paramiko import Transport
from pydantic import SecretStr

from inventory.load import load
from inventory.model import Login
from inventory.secrets import SecretStore
from playbooks.drivers.cli.session import Way
from tests.guests import Guests, Host

__all__ = ["Process", "Speech", "device", "flooded", "hung_up"]

PILA = Path(__file__).parents[2] / "inventory/examples/pila"
Process = asyncssh.SSHServerProcess[str]
Speech = Callable[[Process], Awaitable[None]]


class Safe(SecretStore):
    """With one password."""

    def get(self, ref: str) -> SecretStr:
        """Whatever is asked for."""
        return SecretStr(ref)


class Open(Host):
    """Lets everybody in."""

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002  asyncssh's signature
        """Without a password."""
        return False


class Mute(Open):
    """Never says whether there is a session."""

    async def session_requested(self) -> bool:
        """For longer than any test lasts."""
        await asyncio.sleep(3600)
        return False


@contextmanager
def device(speech: Speech | None) -> Iterator[Way]:
    """A device on 127.0.0.1 that talks like that; None: it opens no session."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    key = asyncssh.generate_private_key("ssh-ed25519")

    guests = Guests(Mute if speech is None else Open)

    async def begin() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            guests, "127.0.0.1", 0, server_host_keys=[key], process_factory=speech, encoding="utf-8"
        )

    async def end(server: asyncssh.SSHAcceptor) -> None:
        await guests.leave(server)
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    try:
        login = Login(
            address=IPv4Address("127.0.0.1"),
            port=server.get_port(),
            user="fosa",
            host_key=key.export_public_key().decode().strip(),
            key="file:password",
        )
        yield Way(load(PILA).require().device("sw-b-1"), login, Safe(PILA))
    finally:
        asyncio.run_coroutine_threadsafe(end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def flooded(process: Process) -> None:
    """Without end."""
    with suppress(BrokenPipeError, ConnectionError):
        while True:
            process.stdout.write("0123456789abcdef" * 4096)
            await process.stdout.drain()


def hung_up() -> bool:
    """Whether no connection of paramiko's is left, soon."""
    until = time.monotonic() + 10
    while (left := _connections()) and time.monotonic() < until:
        time.sleep(0.01)
    return not left


def _connections() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if isinstance(thread, Transport)]
