"""The way to a device, tried against a real SSH server on loopback."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncssh
import pytest

from inventory.access import AccessError, Patience, Refusal, connect, host_key_algorithms, open_stream, place
from inventory.model import Login
from tests.guests import Guests
from tests.monitor.probes.listeners import speaking

CLIENT, HOST = asyncssh.generate_private_key("ssh-ed25519"), asyncssh.generate_private_key("ssh-ed25519")
KEY = CLIENT.export_private_key().decode()
PATIENCE = Patience(connect=2.0, keepalive=0.2, keepalives=2)


def line(key: asyncssh.SSHKey) -> str:
    return key.export_public_key().decode().strip()


def login(at: int, **more: object) -> Login:
    host_key = {"host_key": " ".join(line(HOST).split()[:2])}
    return Login.model_validate(
        {"address": "127.0.0.1", "port": at, "user": "fosa-read", "key": "env:K"} | host_key | more
    )


async def echo(process: asyncssh.SSHServerProcess[bytes]) -> None:
    """Says its command, then what it hears; ends with 7 when told to, else when nothing more comes."""
    process.stdout.write(f"{process.command}\n".encode())
    while chunk := await process.stdin.read(1024):
        if chunk == b"end":
            break
        process.stdout.write(chunk)
    process.exit(7)


@asynccontextmanager
async def server() -> AsyncIterator[asyncssh.SSHAcceptor]:
    guests = Guests()
    accepting = await asyncssh.create_server(
        guests,
        "127.0.0.1",
        0,
        server_host_keys=[HOST],
        authorized_client_keys=asyncssh.import_authorized_keys(line(CLIENT)),
        process_factory=echo,
        encoding=None,
    )
    try:
        yield accepting
    finally:
        await guests.leave(accepting)


def with_server(body: Callable[[int], Awaitable[None]]) -> None:
    async def run() -> None:
        async with server() as accepting:
            await body(accepting.get_port())

    asyncio.run(run())


def test_a_stream_carries_bytes_both_ways_and_says_how_it_ended() -> None:
    async def body(port: int) -> None:
        async with await connect(login(port), KEY, PATIENCE) as connection:
            first = await open_stream(connection, login(port), "vici")
            second = await open_stream(connection, login(port), "links")
            assert await first.read(100) == b"vici\n"
            assert await second.read(100) == b"links\n"
            await first.write(b"\0\xff")
            assert await first.read(100) == b"\0\xff"
            await first.write(b"end")
            assert await first.read(100) == b""
            assert await first.ended() == 7
            await second.close()
            await second.close()
            with pytest.raises(AccessError) as closed:
                await second.write(b"more")
            assert closed.value.refusal is Refusal.UNREACHABLE

    with_server(body)


def test_a_connection_that_breaks_is_an_access_error() -> None:
    async def body(port: int) -> None:
        connection = await connect(login(port), KEY, PATIENCE)
        stream = await open_stream(connection, login(port), "vici")
        assert await stream.read(100) == b"vici\n"
        reading = asyncio.create_task(stream.read(100))
        await asyncio.sleep(0)
        connection.abort()
        # What was cut off on this side looks like an end; the next word finds no way.
        assert await reading == b""
        with pytest.raises(AccessError):
            await stream.write(b"?")
        with pytest.raises(AccessError):
            await open_stream(connection, login(port), "vici")

    with_server(body)


@pytest.mark.parametrize(
    ("change", "key", "refusal"),
    [
        ({"host_key": None}, KEY, Refusal.HOST_KEY),
        ({"host_key": " ".join(line(CLIENT).split()[:2])}, KEY, Refusal.HOST_KEY),
        ({"host_key": "ssh-rsa " + "A" * 372}, KEY, Refusal.HOST_KEY),
        ({}, asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode(), Refusal.AUTHENTICATION),
        ({}, "no key at all", Refusal.AUTHENTICATION),
        ({"port": 1}, KEY, Refusal.UNREACHABLE),
    ],
)
def test_says_why_there_is_no_way(change: dict[str, object], key: str, refusal: Refusal) -> None:
    async def body(port: int) -> None:
        with pytest.raises(AccessError) as refused:
            await connect(login(port, **change), key, PATIENCE)
        assert refused.value.refusal is refusal
        assert str(refused.value)

    with_server(body)


def test_a_server_that_says_nothing_is_unreachable() -> None:
    async def run() -> None:
        async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            await reader.read()

        async with speaking(silent) as port:
            with pytest.raises(AccessError) as refused:
                await connect(login(port), KEY, Patience(connect=0.2))
        assert refused.value.refusal is Refusal.UNREACHABLE

    asyncio.run(run())


def test_names_the_place_and_the_key_as_ssh_does() -> None:
    assert place(login(22)) == "127.0.0.1"
    assert place(login(2222)) == "[127.0.0.1]:2222"
    assert host_key_algorithms(login(22)) == ["ssh-ed25519"]
    assert host_key_algorithms(login(22, host_key="ssh-rsa " + "A" * 372)) == ["rsa-sha2-512", "rsa-sha2-256"]
