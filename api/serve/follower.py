"""The edge's end of the socket: follows the watch for as long as both live, and asks for a probe's exchanges."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import ValidationError

from api.picture import Exchanges
from api.serve.message import ANSWER_LIMIT, Answer, Message, Word, question

__all__ = ["LinkError", "exchanges", "follow"]

_CONNECT_S = 2.0
_ANSWER_S = 3.0


class LinkError(Exception):
    """The watch is not there, has gone, or says what the protocol does not know."""


async def follow(socket: Path) -> AsyncIterator[Message]:
    """Every message of the watch, beginning with the newest. Ends by LinkError."""
    async with _connected(socket, Word.FOLLOW) as reader:
        while line := await _line(reader):
            try:
                yield Message.model_validate_json(line)
            except ValidationError as error:
                raise LinkError(f"not understood: {error.error_count()} faults") from error
    raise LinkError("the watch has hung up")


async def exchanges(socket: Path, probe: str) -> Exchanges | None:
    """The last exchanges of a probe; None when the watch has no such probe or does not answer."""
    if question(f"{Word.PROBE} {probe}\n".encode()) is None:
        return None
    try:
        async with asyncio.timeout(_ANSWER_S), _connected(socket, f"{Word.PROBE} {probe}") as reader:
            answer = Answer.model_validate_json(await _line(reader))
    except (LinkError, TimeoutError, ValidationError):
        return None
    return Exchanges(answer.last, answer.failures) if answer.found else None


@asynccontextmanager
async def _connected(socket: Path, words: str) -> AsyncIterator[asyncio.StreamReader]:
    try:
        # Through the open folder: the place of a socket is limited to 107 bytes, and a state folder may lie deeper.
        folder = os.open(socket.parent, os.O_PATH | os.O_DIRECTORY)
        try:
            async with asyncio.timeout(_CONNECT_S):
                reader, writer = await asyncio.open_unix_connection(
                    f"/proc/self/fd/{folder}/{socket.name}", limit=ANSWER_LIMIT
                )
        finally:
            os.close(folder)
    except (OSError, TimeoutError) as error:
        raise LinkError(str(error) or "no answer") from error
    try:
        writer.write(f"{words}\n".encode())
        yield reader
    finally:
        writer.close()


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except (OSError, ValueError) as error:
        raise LinkError(str(error)) from error
