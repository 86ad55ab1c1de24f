"""The desk as HTTP over its socket: a POST for each verb, a GET that follows a change."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from api.desk.desk import FOLLOW, Desk
from api.desk.knock import Knock, Peer
from api.desk.wire import BODY_LIMIT, FROM, SESSION, Told, Wrong, status_of, wrong
from api.store.ledger import Ledger
from inventory.errors import FosaError
from inventory.model.base import Value
from inventory.words import Language, speaking
from inventory.words import gettext as _

__all__ = ["create_app"]

_LOOK_S = 0.25
"""How often a follower's progress is looked for."""
_HEARTBEAT_S = 10.0
_log = logging.getLogger(__name__)


def create_app(desk: Desk, ledger: Ledger, over: Callable[[str], bool], edges: frozenset[int]) -> Starlette:
    """`over` says of a subject that nothing more will be told of it. `edges`: who may speak for a reader of the page.
    The peer must be in the scope's state.
    """
    pages = _Pages(desk, ledger, over, edges)
    app = Starlette(
        routes=[
            Route(f"/{FOLLOW}/{{subject:path}}", pages.follow, methods=["GET"]),
            Route("/{verb}", pages.ask, methods=["POST"]),
        ]
    )
    # Set by the server when it is told to end: who follows is let go, and asks the next one.
    app.state.ending = False
    return app


class _Pages:
    def __init__(self, desk: Desk, ledger: Ledger, over: Callable[[str], bool], edges: frozenset[int]) -> None:
        self._desk, self._ledger, self._over, self._edges = desk, ledger, over, edges

    async def ask(self, request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return _no(413, "InputError", _("this is more than the desk takes: {n} bytes").format(n=f"> {BODY_LIMIT}"))
        return await run_in_threadpool(self._asked, request, body)

    def _asked(self, request: Request, body: bytes) -> Response:
        name = str(request.path_params["verb"])
        with speaking(_language(request)):
            if not self._desk.knows(name):
                return _no(404, "InputError", _("the desk does not know {verb}").format(verb=name[:80]))
            try:
                answer = self._desk.ask(_knock(request, self._edges), name, body)
            except FosaError as error:
                return _json(wrong(error), status_of(error))
            except Exception:  # noqa: BLE001  a fault of one handler must not take the change in flight along
                return self._fault(name)
            return _json(answer, 200)

    async def follow(self, request: Request) -> Response:
        subject, after = str(request.path_params["subject"]), request.query_params.get("after", "0")
        answer = await run_in_threadpool(self._followed, request, subject, after)
        return answer or StreamingResponse(
            self._lines(request.app, subject, int(after)), media_type="application/x-ndjson"
        )

    def _followed(self, request: Request, subject: str, after: str) -> Response | None:
        with speaking(_language(request)):
            if not after.isdecimal() or len(after) > 18:
                return _no(400, "InputError", _("after must be the number of a line"))
            try:
                self._desk.follow(_knock(request, self._edges), subject)
            except FosaError as error:
                return _json(wrong(error), status_of(error))
        return None

    async def _lines(self, app: Starlette, subject: str, after: int) -> AsyncIterator[bytes]:
        quiet = 0.0
        while not app.state.ending:
            # First whether it is over, then what was told: nothing told in between is lost.
            over = await run_in_threadpool(self._over, subject)
            told = await run_in_threadpool(self._ledger.told, subject, after)
            for line in told:
                after = line.id
                yield Told(id=line.id, line=line.text).model_dump_json().encode() + b"\n"
            if over and not told:
                yield Told(id=after, line="", last=True).model_dump_json().encode() + b"\n"
                return
            quiet = 0.0 if told else quiet + _LOOK_S
            if quiet >= _HEARTBEAT_S:
                quiet = 0.0
                yield b"\n"
            if not told:
                await asyncio.sleep(_LOOK_S)

    def _fault(self, name: str) -> Response:
        _log.exception("%s", name)
        return _no(500, "ServiceError", _("a fault of fosa's own; its log says more"))


async def _body(request: Request) -> bytes | None:
    """What was sent; None for more than the limit."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > BODY_LIMIT:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def _knock(request: Request, edges: frozenset[int]) -> Knock:
    peer: Peer = request.state.peer
    kind, _space, word = request.headers.get("authorization", "").partition(" ")
    token = word.strip() if kind.lower() == "bearer" else ""
    if peer.uid not in edges:
        # Whatever it says of a session or of an address: nobody but the edge speaks for others.
        return Knock(peer, token)
    # Without accounts of their own the edge and a person share a number; then the edge is who names a reader.
    unnamed = "" if peer.uid == os.getuid() else "?"
    return Knock(peer, token, request.headers.get(SESSION, ""), request.headers.get(FROM, "")[:64] or unnamed)


def _language(request: Request) -> Language:
    return "pl" if request.headers.get("accept-language", "").lower().startswith("pl") else "en"


def _no(status: int, error: str, text: str) -> Response:
    return _json(Wrong(error=error, text=text), status)


def _json(value: Value, status: int) -> Response:
    return Response(value.model_dump_json(), status, media_type="application/json")
