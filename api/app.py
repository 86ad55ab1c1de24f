"""The service as one application: routes for programs, the page for people, what every answer has in common."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from api import pages
from api.desk.verb import Verb
from api.entrance import Entrance
from api.picture import Pictures
from api.problems import Problem, add_handlers
from api.routes import ask, debug, discovery, health, metrics, read
from api.routes.debug import ProbeLog
from api.visit.visitors import Visitors

__all__ = ["OPENAPI", "Desk", "create_app"]

OPENAPI = "/api/v1/openapi.json"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where readers' wishes are brought."""

    visitors: Visitors
    verbs: tuple[Verb[Any, Any], ...]
    """What programs may ask for."""


def create_app(pictures: Pictures, desk: Desk | None = None) -> Entrance:
    """The whole service over these pictures, for this machine. Without a desk it only reads."""
    number = version("fosa")
    app = FastAPI(title="fosa", version=number, openapi_url=OPENAPI, docs_url=None, redoc_url=None)
    app.include_router(read.router(pictures), tags=["office"])
    app.include_router(discovery.router(pictures), tags=["office"])
    app.include_router(health.router(pictures), tags=["health"])
    app.include_router(metrics.router(pictures, number, with_desk=desk is not None), tags=["health"])
    app.include_router(debug.router(pictures), tags=["debug"])
    app.include_router(pages.router(pictures, with_plans=desk is not None))
    if desk is not None:
        app.include_router(ask.router(desk.verbs, desk.visitors), tags=["desk"])
        app.include_router(pages.desk_router(pictures, desk.visitors))
    add_handlers(app)
    _describe(app, (Problem, ProbeLog))
    return Entrance(app, None if desk is None else desk.visitors)


def _describe(app: FastAPI, models: tuple[type[BaseModel], ...]) -> None:
    """Add to the description what only routes that answer by themselves refer to."""
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas = describe().setdefault("components", {}).setdefault("schemas", {})
            for model in models:
                found = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas.update(found.pop("$defs", {}))
                schemas[model.__name__] = found
        return describe()

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way of extending its description
