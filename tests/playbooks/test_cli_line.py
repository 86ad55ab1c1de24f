"""The line to a switch: no device keeps anybody waiting for ever, fills the memory, or finds a secret on a disk."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address
from pathlib import Path

import asyncssh
import pytest
from pydantic import SecretStr

from inventory.load import load
from inventory.model import Login
from inventory.secrets import SecretStore
from playbooks.drivers.base import FailureKind
from playbooks.drivers.cli.bounded import Limits
from playbooks.drivers.cli.line import logged_in
from playbooks.drivers.cli.scratch import scratch
from playbooks.drivers.cli.session import SessionError, Way

PILA = Path(__file__).parents[2] / "inventory/examples/pila"
KIND = "mikrotik_routeros"
LIMITS = Limits(login_s=2.0, said=100_000)
Process = asyncssh.SSHServerProcess[str]
Speech = Callable[[Process], Awaitable[None]]


class Safe(SecretStore):
    """With one password."""

    def get(self, ref: str) -> SecretStr:
        return SecretStr(ref)


class Open(asyncssh.SSHServer):
    """Lets everybody in."""

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002  asyncssh's signature
        return False


class Mute(Open):
    """Never says whether there is a session."""

    async def session_requested(self) -> bool:
        await asyncio.sleep(3600)
        return False


@contextmanager
def device(speech: Speech | None) -> Iterator[Way]:
    """A device on 127.0.0.1 that talks like that; None: it opens no session."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    key = asyncssh.generate_private_key("ssh-ed25519")

    async def begin() -> asyncssh.SSHAcceptor:
        door = Mute if speech is None else Open
        return await asyncssh.create_server(
            door, "127.0.0.1", 0, server_host_keys=[key], process_factory=speech, encoding="utf-8"
        )

    async def end(server: asyncssh.SSHAcceptor) -> None:
        server.close()
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


async def prompts(process: Process) -> None:
    """What netmiko waits for until it counts as logged in."""
    process.stdout.write("[fosa@sw-b-1] > ")
    while line := await process.stdin.read(1024):
        if "flood" in line:
            return
        process.stdout.write(f"{line}\r\n[fosa@sw-b-1] > ")


async def floods(process: Process) -> None:
    with suppress(BrokenPipeError, ConnectionError):
        while True:
            process.stdout.write("0123456789abcdef" * 4096)
            await process.stdout.drain()


async def floods_when_asked(process: Process) -> None:
    await prompts(process)
    await floods(process)


def asked(way: Way) -> None:
    """Log in, ask, and read whatever comes."""
    with logged_in(way, KIND, LIMITS) as connection:
        connection.write_channel("flood\r\n")
        while True:
            connection.read_channel()
            time.sleep(0.001)


@pytest.mark.parametrize("speech", [floods_when_asked, floods])
def test_what_a_device_says_without_end_is_not_heard_without_end(speech: Speech) -> None:
    with device(speech) as way, pytest.raises(SessionError, match="says too much") as told:
        asked(way)
    assert told.value.kind is FailureKind.UNREACHABLE


def test_a_device_that_opens_no_session_is_waited_for_so_long_and_leaves_nothing() -> None:
    before = threading.active_count()
    with device(None) as way:
        with pytest.raises(SessionError, match="no answer in time") as told:
            asked(way)
        assert told.value.kind is FailureKind.UNREACHABLE
        # The device's own thread is still there.
        assert threading.active_count() <= before + 1


def test_a_scratch_file_is_on_no_disk_and_gone_afterwards() -> None:
    with scratch("secret ż\n") as name:
        path = Path(name)
        assert path.is_file()
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.stat().st_nlink == 0
        assert [path.read_text(), path.read_text()] == ["secret ?\n"] * 2
    assert not path.exists()
