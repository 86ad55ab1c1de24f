"""The way to a device over SSH: the pinned host key, one named private key, nothing of the person's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from inventory.cancellation import heed
from inventory.errors import DriverError
from inventory.sentence import Sentence, say
from inventory.words import noted as N_

if TYPE_CHECKING:
    import asyncssh

    from inventory.model import Login

__all__ = [
    "AccessError",
    "Patience",
    "Refusal",
    "Stream",
    "connect",
    "host_key_algorithms",
    "open_stream",
    "place",
    "translated",
]

_WINDOW_BYTES = 1 << 20
_CIPHERS = (
    "aes256-gcm@openssh.com",
    "aes128-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes256-ctr",
    "aes128-ctr",
)
"""The best first; of two that are as good the one that costs less: a packet under ChaCha20 takes the library 13 us, one
under AES-GCM 2 us (2 cores AMD EPYC), and a watch sends and receives many small ones."""


class Refusal(StrEnum):
    """Why there is no way to a device."""

    UNREACHABLE = "unreachable"
    HOST_KEY = "host_key"
    AUTHENTICATION = "authentication"


class AccessError(DriverError):
    """There is no way to a device, or there is none any longer. The message names the account and the address."""

    def __init__(self, refusal: Refusal, text: str | Sentence) -> None:
        super().__init__(text)
        self.refusal = refusal
        self.said = text


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for the connection with its login, for an answer, and between questions whether it lives."""

    connect: float = 8.0
    answer: float = 90.0
    keepalive: float = 5.0
    keepalives: int = 3
    """So many questions without an answer, and the connection counts as lost."""


class Stream:
    """A long conversation with a gate, bytes both ways. What is not read makes the gate wait, not this process grow."""

    def __init__(self, login: Login, process: asyncssh.SSHClientProcess[bytes]) -> None:
        self._login = login
        self._process = process

    async def read(self, n: int) -> bytes:
        """Up to `n` bytes as they come; nothing at the end of the stream. AccessError when the connection is lost."""
        with translated(self._login):
            return await self._process.stdout.read(n)

    async def write(self, data: bytes) -> None:
        """Send, and wait while the gate does not read. AccessError when the stream or the connection has ended."""
        with translated(self._login):
            self._process.stdin.write(data)
            await self._process.stdin.drain()

    async def ended(self) -> int | None:
        """Wait for the gate's end of the stream: its exit code (templates/linux_gateway/gate), None without one."""
        with translated(self._login):
            await self._process.wait_closed()
        return self._process.exit_status

    def let_go(self) -> None:
        """End the conversation without waiting for its end; the connection stays. May be repeated."""
        self._process.close()

    async def close(self) -> None:
        """End the conversation; the connection stays. May be repeated."""
        self.let_go()
        with translated(self._login):
            await self._process.wait_closed()


async def connect(login: Login, key: str, patience: Patience) -> asyncssh.SSHClientConnection:
    """A connection with a private key (its text). AccessError says why there is none.

    Host keys are pinned, never learned; no agent, no configuration file, no other key.
    """
    if login.host_key is None:
        text = N_("the inventory has no host key for {device}; fosa never learns one by itself")
        raise AccessError(Refusal.HOST_KEY, say(text, device=_account(login)))
    import asyncio

    import asyncssh

    with translated(login):
        async with asyncio.timeout(patience.connect):
            connection = await asyncssh.connect(
                str(login.address),
                login.port,
                username=login.user,
                client_keys=[asyncssh.import_private_key(key)],
                known_hosts=asyncssh.import_known_hosts(f"{place(login)} {login.host_key}\n"),
                server_host_key_algs=host_key_algorithms(login),
                encryption_algs=_CIPHERS,
                preferred_auth="publickey",
                agent_path=None,
                config=None,
                x509_trusted_certs=None,
                gss_host=None,
                connect_timeout=patience.connect,
                login_timeout=patience.connect,
                keepalive_interval=patience.keepalive,
                keepalive_count_max=patience.keepalives,
            )
            try:
                heed()
            except asyncio.CancelledError:
                connection.abort()
                raise
            return connection


async def open_stream(connection: asyncssh.SSHClientConnection, login: Login, words: str) -> Stream:
    """Ask the gate for one of its streams. AccessError when the connection is lost or takes no more of them."""
    import asyncssh

    with translated(login):
        process = await connection.create_process(words, encoding=None, window=_WINDOW_BYTES, stderr=asyncssh.DEVNULL)
    return Stream(login, process)


@contextmanager
def translated(login: Login) -> Iterator[None]:
    """Whatever asyncssh or the network raises in here comes out as an AccessError about this account."""
    import asyncssh

    try:
        yield
    except (asyncssh.Error, OSError, ValueError) as error:
        raise _translation(login, error) from error


def place(login: Login) -> str:
    """The address as known_hosts writes it."""
    return str(login.address) if login.port == 22 else f"[{login.address}]:{login.port}"


def host_key_algorithms(login: Login) -> list[str]:
    """What a server may sign with, so that it shows the pinned key and no other."""
    algorithm = str(login.host_key).partition(" ")[0]
    return ["rsa-sha2-512", "rsa-sha2-256"] if algorithm == "ssh-rsa" else [algorithm]


def _account(login: Login) -> str:
    return f"{login.user}@{place(login)}"


def _translation(login: Login, error: Exception) -> AccessError:
    import asyncssh

    account = _account(login)
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return AccessError(Refusal.HOST_KEY, say(N_("{place}: the host key is not the pinned one"), place=account))
    if isinstance(error, asyncssh.KeyExchangeFailed):
        text = N_("{place}: no common way to exchange keys, or no host key of the pinned kind: {why}")
        return AccessError(Refusal.HOST_KEY, say(text, place=account, why=error))
    if isinstance(error, asyncssh.PermissionDenied):
        text = N_("{place}: the device does not accept the key")
        return AccessError(Refusal.AUTHENTICATION, say(text, place=account))
    if isinstance(error, asyncssh.KeyImportError | asyncssh.KeyEncryptionError):
        text = N_("{place}: {key} is not a private key without a passphrase")
        return AccessError(Refusal.AUTHENTICATION, say(text, place=account, key=login.key))
    if isinstance(error, TimeoutError):
        return AccessError(Refusal.UNREACHABLE, say(N_("{place}: no answer in time"), place=account))
    why = str(error) or type(error).__name__
    return AccessError(Refusal.UNREACHABLE, say(N_("{place}: {why}"), place=account, why=why))
