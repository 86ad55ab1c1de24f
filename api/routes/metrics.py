"""`/metrics`: everything as numbers, in the format and packing asked for."""

from __future__ import annotations

import asyncio
import gzip
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import PlainTextResponse, Response

from api.picture import Explainer, Pictures
from api.routes.accepted import form_wanted, takes_gzip
from api.routes.tallied import tallied
from monitor.channel import judge_channels
from monitor.exporter import parts
from monitor.exposition import END, Format
from monitor.series import Scene
from monitor.snmp.texts import DeviceTexts

__all__ = ["router"]

_LEVEL = 1
"""Of gzip: the next saves a tenth of the size for half as much time again."""
_LONG = 1 << 20
"""More than this is packed beside the event loop: it would hold up everybody else."""


def router(pictures: Pictures, version: str, *, with_desk: bool = False) -> APIRouter:
    """The route."""
    routes = APIRouter()
    exposition = _Exposition(pictures, version, with_desk=with_desk)

    @routes.get("/metrics", responses=_ANSWERS, response_class=PlainTextResponse)
    async def metrics(
        accept: Annotated[str | None, Header(include_in_schema=False)] = None,
        accept_encoding: Annotated[str | None, Header(include_in_schema=False)] = None,
    ) -> Response:
        """Everything as numbers, in Prometheus' text format 0.0.4; in OpenMetrics 1.0 where that is asked for."""
        form = form_wanted(accept)
        headers = {"content-type": form.content_type, "vary": "accept, accept-encoding"}
        if not takes_gzip(accept_encoding):
            return Response(exposition.plain(form), headers=headers)
        packed = await exposition.packed(form)
        return Response(packed, headers=headers | {"content-encoding": "gzip"})

    return routes


class _Exposition:
    """What is exported, as it is sent; packed once for all who ask while nothing is new."""

    def __init__(self, pictures: Pictures, version: str, *, with_desk: bool) -> None:
        self._pictures, self._version, self._with_desk = pictures, version, with_desk
        self._explainer = Explainer()
        self._packed: dict[Format, tuple[int, bytes]] = {}
        self._packing = asyncio.Lock()

    def plain(self, form: Format) -> bytes:
        """As it is now."""
        now = self._pictures.now()
        store_up = not now.store_problem
        scene = Scene(
            now.watched,
            now.silent_s,
            now.report,
            self._version,
            store_up,
            self._explainer.of(now.office).depends,
            judge_channels(now.office, now.watched),
            self._explainer.explained(now),
        )
        texts = now.texts or DeviceTexts(now.office, now.polled.values())
        desk = tallied(now, form).encode() if self._with_desk else b""
        return b"".join((*parts(scene, texts.lines(now.at), form), desk, END[form].encode()))

    async def packed(self, form: Format) -> bytes:
        """As it was when the newest picture was heard."""
        async with self._packing:
            number = await self._pictures.changed(-1, 0)
            known, body = self._packed.get(form, (None, b""))
            if known != number:
                plain = self.plain(form)
                body = await asyncio.to_thread(_pack, plain) if len(plain) > _LONG else _pack(plain)
                self._packed[form] = number, body
            return body


def _pack(plain: bytes) -> bytes:
    return gzip.compress(plain, _LEVEL)


_TEXT = {"schema": {"type": "string"}}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The metrics.",
        "content": {"text/plain": _TEXT, "application/openmetrics-text": _TEXT},
    }
}
