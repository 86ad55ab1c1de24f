"""What every request must be and every answer carries: from this machine, from somebody we know, no foreign script."""

from __future__ import annotations

import asyncio
import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from api.problems import problem
from api.visit.admission import admitted, may_post
from inventory.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.visit.visitors import Visitors

__all__ = ["Entrance", "is_loopback"]

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Stricter, and browsers would not say any more whose page a form was on: see `api.visit.admission`.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}
_NOT_KEPT = (b"cache-control", b"no-store")
_READING = ("GET", "HEAD")
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?\Z")


def is_loopback(name: str) -> bool:
    """Whether a host's name or address means this machine."""
    if name == "localhost":
        return True
    try:
        return ip_address(name.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


class Entrance:
    """Stands before the whole service."""

    def __init__(self, app: ASGIApp, visitors: Visitors | None = None) -> None:
        """Without visitors the service only reads, and for anybody of this machine."""
        self._app, self._visitors = app, visitors
        self._closing = asyncio.Event()
        self._headers = tuple((name.encode(), value.encode()) for name, value in _HEADERS.items())

    def close(self) -> None:
        """Tell every stream that its reader is gone, so that none of them holds up the end of the service."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let requests of this machine through: reading ones, and what somebody brings to the desk."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        unfinished = False

        async def guarded(message: Message) -> None:
            nonlocal unfinished
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._marked(message["headers"])}
            unfinished = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        if not _for_us(scope):
            # A name of somebody else's that leads here: a foreign page would read ours through it (DNS rebinding).
            refusal = problem(421, _("ask for localhost or 127.0.0.1"))
            await refusal(scope, receive, guarded)
        elif (refused := await self._refusal(scope)) is not None:
            await refused(scope, receive, guarded)
        elif scope["method"] == "HEAD":
            await self._head(scope, receive, guarded)
        else:
            await self._app(scope, lambda: self._receive(receive), guarded)
            if unfinished:
                # A stream that was told its reader is gone just stops; the reader is to see an end.
                await guarded({"type": "http.response.body", "body": b""})

    def _marked(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """With what every answer carries; nobody keeps one that does not say that he may."""
        marked = [*headers, *self._headers]
        return marked if any(name == b"cache-control" for name, _value in marked) else [*marked, _NOT_KEPT]

    async def _refusal(self, scope: Scope) -> Response | None:
        if scope["method"] not in _READING and (self._visitors is None or not may_post(scope)):
            return problem(405, _("this service only reads"), {"allow": ", ".join(_READING)})
        return None if self._visitors is None else await admitted(scope, self._visitors)

    async def _receive(self, receive: Receive) -> Message:
        """The next message of the reader; that it is gone, when the service closes."""
        coming = asyncio.ensure_future(receive())
        closing = asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait((coming, closing), return_when=asyncio.FIRST_COMPLETED)
            return coming.result() if coming.done() else {"type": "http.disconnect"}
        finally:
            coming.cancel()
            closing.cancel()

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as to GET, without the body; also a stream that never ends."""
        started = False

        async def only_head(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                await send(message)
                await send({"type": "http.response.body", "body": b""})

        async def then_gone() -> Message:
            return {"type": "http.disconnect"} if started else await receive()

        await self._app({**scope, "method": "GET"}, then_gone, only_head)


def _for_us(scope: Scope) -> bool:
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    found = _HOST.match(hosts[0].decode("latin-1").lower()) if len(hosts) == 1 else None
    return found is not None and is_loopback(found["name"])
