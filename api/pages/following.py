"""A change as it goes on, as server-sent events: its part of the page, rendered anew with each step."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.changes.model import Progress
from api.pages.environment import environment
from api.pages.planned import progress_rows
from api.pages.wording import wording
from inventory.errors import FosaError
from inventory.words import speaking

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from api.desk.wire import Told
    from api.pages.frame import Visit
    from api.pages.times import Clock

__all__ = ["Following"]

_BEAT_S = 1.0
"""The page takes longer silence for a lost connection."""
_STEPS = 500
"""So many of the last steps are shown."""


class Following(Response):
    """One reader's stream of one change, until it has ended or he goes."""

    media_type = "text/event-stream"

    def __init__(self, visit: Visit, plan: str, clock: Clock) -> None:
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._visit, self._plan, self._clock = visit, plan, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the change has ended; the browser then asks again, and finds the plan's page as it was left."""
        del scope
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        telling = asyncio.create_task(self._tell(send))
        gone = asyncio.create_task(_until_gone(receive))
        await asyncio.wait({telling, gone}, return_when=asyncio.FIRST_COMPLETED)
        for task in (telling, gone):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError, FosaError, ConnectionError):
            await telling
        await send({"type": "http.response.body", "body": b""})

    async def _tell(self, send: Send) -> None:
        async for event in self._events():
            await send({"type": "http.response.body", "body": event, "more_body": True})

    async def _events(self) -> AsyncIterator[bytes]:
        steps: list[Progress] = []
        lines = self._visit.client.follow(f"change {self._plan}")
        coming = asyncio.ensure_future(run_in_threadpool(_next, lines))
        try:
            while True:
                done, _waiting = await asyncio.wait({coming}, timeout=_BEAT_S)
                if not done:
                    yield b"data: {}\n\n"
                    continue
                told = coming.result()
                if told is None:
                    yield b"event: over\ndata: {}\n\n"
                    return
                steps = [*steps, Progress.model_validate_json(told.line)][-_STEPS:]
                yield self._event(steps)
                coming = asyncio.ensure_future(run_in_threadpool(_next, lines))
        finally:
            coming.cancel()

    def _event(self, steps: list[Progress]) -> bytes:
        with speaking(self._visit.language):
            rows = progress_rows(steps, self._clock)
            html = environment().get_template("progress.html").render(progress=rows, t=wording())
        return f"data: {json.dumps({'progress': html}, ensure_ascii=False)}\n\n".encode()


def _next(lines: Iterator[Told]) -> Told | None:
    return next(lines, None)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
