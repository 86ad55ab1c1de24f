"""`/debug/probe`: what a probe sent and what came back, as it went."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel

from api.picture import Picture, Pictures
from api.problems import documented
from monitor.results import ProbeExchange

__all__ = ["router"]


class ProbeLog(BaseModel):
    """The last exchanges of a probe, newest first, and apart from them the last that failed."""

    probe: str
    target: str
    last: tuple[ProbeExchange, ...]
    failures: tuple[ProbeExchange, ...]


class ProbeNames(BaseModel):
    """The probes there are."""

    probes: tuple[str, ...]


def router(pictures: Pictures) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/debug")

    @routes.get("/probe")
    async def names() -> ProbeNames:
        """The names of the probes."""
        return ProbeNames(probes=tuple(_targets(pictures.now())))

    @routes.get("/probe/{name:path}", responses={**_ANSWERS, **documented(404, 503)}, response_class=PlainTextResponse)
    async def probe(name: str, accept: Annotated[str | None, Header(include_in_schema=False)] = None) -> Response:
        """What was sent and what came: text, or JSON where that is asked for."""
        targets = _targets(pictures.now())
        if name not in targets:
            raise HTTPException(404, f"there is no probe {name}")
        found = await pictures.exchanges(name)
        if found is None:
            raise HTTPException(503, "the watch does not answer")
        log = ProbeLog(probe=name, target=targets[name], last=found.last, failures=found.failures)
        if "application/json" in (accept or ""):
            return Response(log.model_dump_json(), media_type="application/json")
        return PlainTextResponse(_text(log))

    return routes


def _targets(now: Picture) -> dict[str, str]:
    probes = (tunnel.probe for tunnel in now.watched.tunnels)
    through = {probe.name: probe.target for probe in probes if probe is not None}
    return through | {probe.name: probe.target for probe in now.watched.probes}


def _text(log: ProbeLog) -> str:
    lines = [f"probe {log.probe}, target {log.target}", "", "last exchanges, newest first:"]
    lines += [_line(exchange) for exchange in log.last] or ["  none yet"]
    lines += ["", "last failures, newest first:"]
    lines += [_line(exchange) for exchange in log.failures] or ["  none"]
    return "\n".join(lines) + "\n"


def _line(exchange: ProbeExchange) -> str:
    at = exchange.at.isoformat(timespec="milliseconds")
    took = "" if exchange.seconds is None else f" in {exchange.seconds * 1000:.2f} ms"
    came = f"{exchange.received or 'nothing'}{took}"
    return f"  {at}  sent: {exchange.sent}  came: {came}{f'  ({exchange.problem})' if exchange.problem else ''}"


_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The exchanges.",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            "application/json": {"schema": {"$ref": "#/components/schemas/ProbeLog"}},
        },
    }
}
