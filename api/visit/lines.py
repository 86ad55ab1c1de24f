"""What the desk tells of a change, line by line, without a thread that waits for it: many readers follow for long."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from pydantic import ValidationError

from api.desk.wire import LINE_LIMIT, Told, Wrong, raised
from inventory.errors import ServiceError
from inventory.words import Language
from inventory.words import gettext as _

__all__ = ["Lines"]

_OPEN_S = 10.0
_HEAD = 32


class Lines:
    """One reader's lines, from the first on."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def of(cls, desk: Path, proof: Mapping[str, str], subject: str, language: Language) -> Lines:
        """Follow a subject (`change p-20261122-0001`); `proof`: the headers that say who asks. What the desk refuses is
        raised; ServiceError when it is away.
        """
        try:
            async with asyncio.timeout(_OPEN_S):
                lines = cls(*await _connected(desk))
                lines._writer.write(_request(proof, subject, language))
                try:
                    await lines._begin()
                except BaseException:
                    lines.close()
                    raise
                return lines
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError) as error:
            raise ServiceError(_("fosa serve does not answer; see its log")) from error

    async def next(self) -> Told | None:
        """The next line; None when it was cut off. May be cancelled and called again."""
        while line := await self._reader.readline():
            if line.strip():
                return Told.model_validate_json(line)
        return None

    def close(self) -> None:
        """Follow no longer."""
        self._writer.close()

    async def _begin(self) -> None:
        status = int((await self._reader.readline()).split()[1])
        for _number in range(_HEAD):
            if not (await self._reader.readline()).strip():
                break
        if status == 200:
            return
        try:
            wrong = Wrong.model_validate_json(await self._reader.read())
        except ValidationError:
            raise ServiceError(_("fosa serve answers with {status}; see its log").format(status=status)) from None
        raise raised(wrong)


async def _connected(desk: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Through the open folder: the place of a socket is limited to 107 bytes."""
    folder = os.open(desk.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        return await asyncio.open_unix_connection(f"/proc/self/fd/{folder}/{desk.name}", limit=LINE_LIMIT)
    finally:
        os.close(folder)


def _request(proof: Mapping[str, str], subject: str, language: Language) -> bytes:
    """Of HTTP 1.0, so that the lines come as they are."""
    head = [f"GET /follow/{quote(subject, safe='')}?after=0 HTTP/1.0", f"Accept-Language: {language}"]
    head += [f"{name}: {value}" for name, value in proof.items()]
    return ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")
