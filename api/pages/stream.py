"""Server-sent events of a board: what changed, as often as a reader can take it; nothing is ever queued for anybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.responses import Response

from api.pages.board import Board, Seen

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["Stream"]

_BEAT_S = 10.0
"""Without news, a comment goes out so often: both sides learn of a connection that is gone."""
_PATIENCE_S = 30.0
"""How long a reader may take no byte before it is let go."""
_BACK_IN_MS = 1000
"""When a browser is to come back after the connection was lost."""


class Stream(Response):
    """One reader's stream, from what it has seen on."""

    media_type = "text/event-stream"

    def __init__(self, board: Board, seen: Seen) -> None:
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._board = board
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the reader goes, or is too slow even to take what it was sent."""
        _ = scope
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        gone = asyncio.create_task(_until_gone(receive))
        telling = asyncio.create_task(self._tell(send))
        try:
            await asyncio.wait({gone, telling}, return_when=asyncio.FIRST_COMPLETED)
            if telling.done():
                telling.result()
        except (TimeoutError, ConnectionError):
            return
        finally:
            for task in (gone, telling):
                task.cancel()

    async def _tell(self, send: Send) -> None:
        async with self._board.following():
            async for event in self._events():
                async with asyncio.timeout(_PATIENCE_S):
                    await send({"type": "http.response.body", "body": event, "more_body": True})

    async def _events(self) -> AsyncIterator[bytes]:
        yield f"retry: {_BACK_IN_MS}\n\n".encode()
        while True:
            if await self._board.changed(self._seen, _BEAT_S):
                news, self._seen = self._board.since(self._seen), self._board.seen
                yield b"id: %s\ndata: %s\n\n" % (str(self._seen).encode(), news)
            else:
                yield b": beat\n\n"


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
