"""The carrier by asyncssh: one connection a question, the pinned host key and the named key, nothing else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.errors import SecretError
from inventory.model import Access, Login
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from playbooks.drivers import pinned
from playbooks.drivers.base import Failure, FailureKind
from playbooks.drivers.bundle import opened, sealed
from playbooks.drivers.gateway import Account, Question

if TYPE_CHECKING:
    import asyncssh

__all__ = ["Patience", "SshCarrier"]

_ANSWER_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for the connection with its login, and for the answer."""

    connect: float = 8.0
    answer: float = 90.0


class SshCarrier:
    """Reaches a gate over SSH. Host keys are pinned, never learned; no agent, no configuration file, no other key."""

    def __init__(self, access: Access, secrets: SecretStore, patience: Patience = Patience()) -> None:
        self._access = access
        self._secrets = secrets
        self._patience = patience

    def ask(self, question: Question) -> str | Failure:
        """The gate's answer, over a new connection."""
        login = self._access.read if question.account is Account.READ else self._access.write
        if login.host_key is None:
            text = _("the inventory has no host key for {device}; fosa never learns one by itself")
            return Failure(FailureKind.HOST_KEY, text.format(device=self._access.device))
        try:
            key = self._secrets.get(login.key).get_secret_value()
            given = b"" if question.bundle is None else opened(sealed(question.bundle), self._secrets.get)
        except SecretError as error:
            return Failure(FailureKind.AUTHENTICATION, str(error))
        return asyncio.run(self._ask(login, key, question.words, given))

    async def _ask(self, login: Login, key: str, words: str, given: bytes) -> str | Failure:
        import asyncssh

        try:
            async with asyncio.timeout(self._patience.connect):
                connection = await self._connect(login, key)
            async with connection, asyncio.timeout(self._patience.answer):
                answer = await _exchange(connection, words, given)
        except (asyncssh.Error, OSError, ValueError) as error:
            return _failure(login, error)
        return answer

    async def _connect(self, login: Login, key: str) -> asyncssh.SSHClientConnection:
        import asyncssh

        algorithm = str(login.host_key).partition(" ")[0]
        return await asyncssh.connect(
            str(login.address),
            login.port,
            username=login.user,
            client_keys=[asyncssh.import_private_key(key)],
            known_hosts=asyncssh.import_known_hosts(f"{pinned.place(login)} {login.host_key}\n"),
            server_host_key_algs=["rsa-sha2-512", "rsa-sha2-256"] if algorithm == "ssh-rsa" else [algorithm],
            preferred_auth="publickey",
            agent_path=None,
            config=None,
            x509_trusted_certs=None,
            gss_host=None,
            connect_timeout=self._patience.connect,
            login_timeout=self._patience.connect,
            keepalive_interval=5,
            keepalive_count_max=3,
        )


async def _exchange(connection: asyncssh.SSHClientConnection, words: str, given: bytes) -> str | Failure:
    process = await connection.create_process(words, encoding=None)
    # The gate may answer before it has read everything: a refusal does not wait for the bundle.
    sending = asyncio.create_task(_send(process, given))
    try:
        answer = bytearray()
        while chunk := await process.stdout.read(65536):
            answer += chunk
            if len(answer) > _ANSWER_BYTES:
                return Failure(FailureKind.PROTOCOL, _("the device says too much"))
        return answer.decode("utf-8", "replace")
    finally:
        sending.cancel()
        process.close()


async def _send(process: asyncssh.SSHClientProcess[bytes], given: bytes) -> None:
    process.stdin.write(given)
    process.stdin.write_eof()
    await process.stdin.drain()


def _failure(login: Login, error: Exception) -> Failure:
    import asyncssh

    place = f"{login.user}@{pinned.place(login)}"
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return Failure(FailureKind.HOST_KEY, _("{place}: the host key is not the pinned one").format(place=place))
    if isinstance(error, asyncssh.KeyExchangeFailed):
        text = _("{place}: no common way to exchange keys, or no host key of the pinned kind: {why}")
        return Failure(FailureKind.HOST_KEY, text.format(place=place, why=error))
    if isinstance(error, asyncssh.PermissionDenied):
        return Failure(FailureKind.AUTHENTICATION, _("{place}: the device does not accept the key").format(place=place))
    if isinstance(error, asyncssh.KeyImportError | asyncssh.KeyEncryptionError):
        text = _("{place}: {key} is not a private key without a passphrase")
        return Failure(FailureKind.AUTHENTICATION, text.format(place=place, key=login.key))
    if isinstance(error, TimeoutError):
        return Failure(FailureKind.UNREACHABLE, _("{place}: no answer in time").format(place=place))
    return Failure(
        FailureKind.UNREACHABLE, _("{place}: {why}").format(place=place, why=str(error) or type(error).__name__)
    )
