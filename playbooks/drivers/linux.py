"""The carrier by asyncssh: one connection a question, or one for several."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from inventory import access
from inventory.access import AccessError, Patience
from inventory.errors import SecretError
from inventory.model import Access, Login
from inventory.secrets import SecretStore
from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.base import Failure, FailureKind
from playbooks.drivers.bundle import opened, sealed
from playbooks.drivers.gateway import Account, Question

if TYPE_CHECKING:
    import asyncssh

__all__ = ["SshCarrier"]

_ANSWER_BYTES = 16 << 20
_PATIENCE = Patience()


class SshCarrier:
    """Reaches a gate over SSH, each question over a connection of its own."""

    def __init__(self, access: Access, secrets: SecretStore, patience: Patience = _PATIENCE) -> None:
        self._access = access
        self._secrets = secrets
        self._patience = patience

    def hold(self) -> SshLine:
        """The same over one connection."""
        return SshLine(self._access, self._secrets, self._patience)

    def ask(self, question: Question) -> str | Failure:
        """The gate's answer, over a new connection."""
        login = self._access.read if question.account is Account.READ else self._access.write
        line = _Line(login, self._secrets, self._patience)
        try:
            return line.ask(question)
        finally:
            line.close()


class SshLine:
    """The same over one connection, by the write account, which may ask all that the read account may."""

    def __init__(self, access: Access, secrets: SecretStore, patience: Patience) -> None:
        self._line = _Line(access.write, secrets, patience)

    def ask(self, question: Question) -> str | Failure:
        """The gate's answer."""
        return self._line.ask(question)

    def let_go(self) -> None:
        """Close the connection."""
        self._line.close()


class _Line:
    """A connection as one account, and the loop it lives in, which runs only while something is asked."""

    def __init__(self, login: Login, secrets: SecretStore, patience: Patience) -> None:
        self._login, self._secrets, self._patience = login, secrets, patience
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._connection: asyncssh.SSHClientConnection | None = None

    def ask(self, question: Question) -> str | Failure:
        try:
            key = self._secrets.get(self._login.key).get_secret_value()
            given = b"" if question.bundle is None else opened(sealed(question.bundle), self._secrets.get)
        except SecretError as error:
            return Failure(FailureKind.AUTHENTICATION, str(error))
        try:
            return self._runner.run(self._ask(key, question.words, given))
        except AccessError as error:
            return Failure(FailureKind(error.refusal), error.said)

    def close(self) -> None:
        """Whatever becomes of the farewell, nothing of it stays."""
        try:
            if self._connection is not None:
                self._runner.run(self._leave(self._connection))
        finally:
            self._connection = None
            self._runner.close()

    async def _ask(self, key: str, words: str, given: bytes) -> str | Failure:
        process = await self._begin(key, words)
        with access.translated(self._login):
            async with asyncio.timeout(self._patience.answer):
                return await _exchange(process, given)

    async def _begin(self, key: str, words: str) -> asyncssh.SSHClientProcess[bytes]:
        """Over the connection there is, unless it has gone since the last question."""
        if self._connection is not None:
            with suppress(AccessError):
                return await self._open(self._connection, words)
            await self._leave(self._connection)
        self._connection = await access.connect(self._login, key, self._patience)
        return await self._open(self._connection, words)

    async def _open(self, connection: asyncssh.SSHClientConnection, words: str) -> asyncssh.SSHClientProcess[bytes]:
        with access.translated(self._login):
            async with asyncio.timeout(self._patience.answer):
                return await connection.create_process(words, encoding=None)

    async def _leave(self, connection: asyncssh.SSHClientConnection) -> None:
        connection.close()
        with suppress(AccessError), access.translated(self._login):
            await connection.wait_closed()


async def _exchange(process: asyncssh.SSHClientProcess[bytes], given: bytes) -> str | Failure:
    # The gate may answer before it has read everything: a refusal does not wait for the bundle.
    sending = asyncio.create_task(_send(process, given))
    try:
        answer = bytearray()
        while chunk := await process.stdout.read(65536):
            answer += chunk
            if len(answer) > _ANSWER_BYTES:
                return Failure(FailureKind.PROTOCOL, say(N_("the device says too much")))
        return answer.decode("utf-8", "replace")
    finally:
        sending.cancel()
        process.close()


async def _send(process: asyncssh.SSHClientProcess[bytes], given: bytes) -> None:
    process.stdin.write(given)
    process.stdin.write_eof()
    await process.stdin.drain()
