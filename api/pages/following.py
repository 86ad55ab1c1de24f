"""A change as it goes on, as server-sent events: its part of the page, rendered anew with each step."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from starlette.responses import Response

from api.changes.model import Progress
from api.pages.environment import environment
from api.pages.labels import labels
from api.pages.planned import progress_rows, sign_of
from api.pages.wording import wording
from api.plans.model import PlanState
from api.visit.lines import Lines
from inventory.words import Language, speaking

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from api.pages.times import Clock

__all__ = ["Followed", "Following"]

_BEAT_S = 1.0
"""The page takes longer silence for a lost connection."""
_TOGETHER_S = 0.1
"""Steps that come so close are shown together."""
_PATIENCE_S = 30.0
"""How long a reader may take no byte before he is let go."""
_STEPS = 500
"""So many of the last steps are shown."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A plan whose change somebody follows."""

    plan: str
    language: Language
    clock: Clock


class Following(Response):
    """One reader's stream of one change, until it has ended or he goes."""

    media_type = "text/event-stream"

    def __init__(self, followed: Followed, lines: Lines, stay: Callable[[], AbstractContextManager[None]]) -> None:
        """`stay` is entered for as long as the reader follows."""
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._followed, self._lines, self._stay = followed, lines, stay
        self._steps: list[Progress] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the change has ended; the browser then asks again, and finds the plan's page as it was left. One
        that was only cut off comes again by itself.
        """
        del scope
        with self._stay():
            await self._until_over(receive, send)
        await send({"type": "http.response.body", "body": b""})

    async def _until_over(self, receive: Receive, send: Send) -> None:
        telling = asyncio.create_task(self._tell(send))
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await asyncio.wait({telling, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._lines.close()
            for task in (telling, gone):
                task.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError, TimeoutError):
            await telling

    async def _tell(self, send: Send) -> None:
        async for event in self._events():
            async with asyncio.timeout(_PATIENCE_S):
                await send({"type": "http.response.body", "body": event, "more_body": True})

    async def _events(self) -> AsyncIterator[bytes]:
        untold = False
        while True:
            try:
                async with asyncio.timeout(_TOGETHER_S if untold else _BEAT_S):
                    told = await self._lines.next()
            except TimeoutError:
                yield self._event() if untold else b"data: {}\n\n"
                untold = False
                continue
            if told is None:
                return
            if told.last:
                yield b"event: over\ndata: {}\n\n"
                return
            self._steps = [*self._steps, Progress.model_validate_json(told.line)][-_STEPS:]
            untold = True

    def _event(self) -> bytes:
        with speaking(self._followed.language):
            rows, sign = progress_rows(self._steps, self._followed.clock), sign_of(PlanState.RUNNING)
            html = environment().get_template("progress.html").render(progress=rows, t={**labels(), **wording()})
            badge = environment().get_template("sign.html").render(sign=sign)
        said = escape(f"{self._followed.plan}: {sign.word}")
        news = {"said": said, "sign": badge, "progress": html}
        return f"data: {json.dumps(news, ensure_ascii=False)}\n\n".encode()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
