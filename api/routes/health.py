"""`/healthz`: whether fosa itself is well."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, Field

from api.picture import Picture, Pictures
from inventory.words import gettext as _
from monitor.readings import FRESH_S

__all__ = ["Health", "health_of", "router"]

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


def router(pictures: Pictures) -> APIRouter:
    """The route."""
    routes = APIRouter()

    @routes.get("/healthz", responses=_HEALTH_ANSWERS, response_class=PlainTextResponse)
    async def healthz(accept: Accept = None) -> Response:
        """Whether watch and store are well: text, or JSON where that is asked for."""
        status, health = health_of(pictures.now())
        if "application/json" in (accept or ""):
            return Response(health.model_dump_json(), status, media_type="application/json")
        text = "\n".join((health.status, *health.reasons))
        return PlainTextResponse(f"{text}\n", status)

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


_TEXT = {"text/plain": {"schema": {"type": "string"}}}
_HEALTH = {**_TEXT, "application/json": {"schema": Health.model_json_schema()}}
_HEALTH_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "All is well.", "content": _HEALTH},
    500: {"description": "Something is not; the reasons follow.", "content": _HEALTH},
    503: {"description": "Somebody works on the office's network; the reason follows.", "content": _HEALTH},
}
