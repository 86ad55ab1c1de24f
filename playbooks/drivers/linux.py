"""The carrier by asyncssh: one connection a question."""

from __future__ import annotations

import asyncio
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

    def ask(self, question: Question) -> str | Failure:
        """The gate's answer, over a new connection."""
        login = self._access.read if question.account is Account.READ else self._access.write
        try:
            key = self._secrets.get(login.key).get_secret_value()
            given = b"" if question.bundle is None else opened(sealed(question.bundle), self._secrets.get)
        except SecretError as error:
            return Failure(FailureKind.AUTHENTICATION, str(error))
        try:
            return asyncio.run(self._ask(login, key, question.words, given))
        except AccessError as error:
            return Failure(FailureKind(error.refusal), error.said)

    async def _ask(self, login: Login, key: str, words: str, given: bytes) -> str | Failure:
        connection = await access.connect(login, key, self._patience)
        with access.translated(login):
            async with connection, asyncio.timeout(self._patience.answer):
                answer = await _exchange(connection, words, given)
        return answer


async def _exchange(connection: asyncssh.SSHClientConnection, words: str, given: bytes) -> str | Failure:
    process = await connection.create_process(words, encoding=None)
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
