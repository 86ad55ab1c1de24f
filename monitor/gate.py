"""One question to a gateway's gate over its read account, and the whole answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.access import Patience, Stream, connect, open_stream
from inventory.model import Login
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.errors import Flaw, NonsenseError
from monitor.refused import Protocol, checked

if TYPE_CHECKING:
    import asyncssh

__all__ = ["Answer", "Door", "Lent", "ask", "conversation", "nobody_lends"]

Lent = Callable[[Login], "asyncssh.SSHClientConnection | None"]
"""A connection of an account that somebody holds open anyway; None where one has to be made."""
_PATIENCE = Patience(connect=5.0)
_ANSWER_BYTES = 256 * 1024
_READ_BYTES = 65536
_REFUSED = 77
"""The gate's exit code for words it does not know or does not take (templates/linux_gateway/gate)."""


def nobody_lends(_login: Login) -> None:
    """Where no connection is held open."""
    return


@dataclass(frozen=True, slots=True)
class Door:
    """How a gate is come to."""

    login: Login
    key: str = field(repr=False)
    """The text of the account's private key."""
    patience: Patience = _PATIENCE
    lent: Lent = nobody_lends


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gate has said to its end."""

    text: bytes
    code: int | None
    """Its exit code; None where it was ended without one."""

    @property
    def refused(self) -> bool:
        """Whether it does not take the words: most likely it is older than they are."""
        return self.code == _REFUSED


async def ask(door: Door, words: str, *, most: int = _ANSWER_BYTES) -> Answer:
    """What the gate says to words. AccessError where it cannot be had, NonsenseError for more than `most` bytes."""
    async with conversation(door, words) as stream:
        return await _answer(stream, most)


@asynccontextmanager
async def conversation(door: Door, words: str) -> AsyncIterator[Stream]:
    """One of the gate's streams, over a lent connection or one of its own. AccessError where it cannot be had."""
    held = door.lent(door.login)
    connection = held or await connect(door.login, door.key, door.patience)
    try:
        stream = await open_stream(connection, door.login, words)
        try:
            yield stream
        finally:
            stream.let_go()
    finally:
        if held is None:
            connection.abort()


async def _answer(stream: Stream, most: int) -> Answer:
    held = bytearray()
    while chunk := await stream.read(_READ_BYTES):
        held += chunk
        if len(held) > most:
            with checked(Protocol.GATE):
                raise NonsenseError(say(N_("the gateway tells more than it may")), Flaw.TOO_MUCH)
    return Answer(bytes(held), await stream.ended())
