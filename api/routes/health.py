"""`/healthz` and `/metrics`: whether fosa itself is well, and everything as numbers."""

from __future__ import annotations

import gzip
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, Field

from api.picture import Picture, Pictures
from api.routes.tallied import tallied
from inventory.words import gettext as _
from monitor.exporter import exposition
from monitor.exposition import CONTENT_TYPE
from monitor.readings import FRESH_S

__all__ = ["Health", "health_of", "router"]

_WORTH_PACKING = 1024
Accept = Annotated[str | None, Header(include_in_schema=False)]


class Health(BaseModel):
    """Whether fosa itself is well; how the office is, is not said here."""

    status: str = Field(description="`ok`, `failing` or `maintenance`.")
    reasons: tuple[str, ...]


def health_of(now: Picture) -> tuple[HTTPStatus, Health]:
    """The three-valued answer: 200 well, 500 with reasons, 503 maintenance."""
    reasons = tuple(_reasons(now))
    if now.maintenance:
        return HTTPStatus.SERVICE_UNAVAILABLE, Health(status="maintenance", reasons=(now.maintenance, *reasons))
    if reasons:
        return HTTPStatus.INTERNAL_SERVER_ERROR, Health(status="failing", reasons=reasons)
    return HTTPStatus.OK, Health(status="ok", reasons=())


def router(pictures: Pictures, version: str, *, with_desk: bool = False) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.get("/healthz", responses=_HEALTH_ANSWERS, response_class=PlainTextResponse)
    async def healthz(accept: Accept = None) -> Response:
        """Whether watch and store are well: text, or JSON where that is asked for."""
        status, health = health_of(pictures.now())
        if "application/json" in (accept or ""):
            return Response(health.model_dump_json(), status, media_type="application/json")
        text = "\n".join((health.status, *health.reasons))
        return PlainTextResponse(f"{text}\n", status)

    @routes.get("/metrics", responses=_METRICS_ANSWERS, response_class=PlainTextResponse)
    async def metrics(accept_encoding: Annotated[str | None, Header(include_in_schema=False)] = None) -> Response:
        """Everything as numbers, in Prometheus' text format 0.0.4."""
        now = pictures.now()
        text = exposition(now.watched, now.silent_s, now.report, version=version, store_up=not now.store_problem)
        text += tallied(now) if with_desk else ""
        body = text.encode()
        headers = {"content-type": CONTENT_TYPE, "vary": "accept-encoding"}
        if len(body) > _WORTH_PACKING and _takes_gzip(accept_encoding):
            body, headers["content-encoding"] = gzip.compress(body, 1), "gzip"
        return Response(body, headers=headers)

    return routes


def _reasons(now: Picture) -> list[str]:
    reasons = []
    if now.silent_s is None:
        reasons.append(_("the watch has not been heard of yet"))
    elif now.silent_s > FRESH_S:
        reasons.append(_("the watch has been silent for {n} s").format(n=int(now.silent_s)))
    if now.store_problem:
        reasons.append(now.store_problem)
    if now.tally and now.tally.history and now.tally.history.fault:
        reasons.append(str(now.tally.history.fault))
    reasons.extend(now.watched.problems)
    return reasons


def _takes_gzip(accepted: str | None) -> bool:
    words = (word.strip().lower().partition(";") for word in (accepted or "").split(","))
    return any(
        name == "gzip" and quality.replace(" ", "") not in {"q=0", "q=0.0"} for name, _semicolon, quality in words
    )


_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_HEALTH = {**_TEXT, "application/json": {"schema": Health.model_json_schema()}}
_HEALTH_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "All is well.", "content": _HEALTH},
    500: {"description": "Something is not; the reasons follow.", "content": _HEALTH},
    503: {"description": "Somebody works on the office's network; the reason follows.", "content": _HEALTH},
}
_METRICS_ANSWERS: dict[int | str, dict[str, Any]] = {200: {"description": "The metrics.", "content": _TEXT}}
