"""`/api/v1/ask/…`: every verb of the desk, for programs with a token. The desk decides whether they may."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool

from api.desk.verb import Verb
from api.problems import documented, status_of
from api.routes.tongue import Spoken
from api.visit.visitors import Visitors
from inventory.errors import FosaError
from inventory.model.base import Value
from inventory.words import speaking

__all__ = ["router"]


def router(verbs: Iterable[Verb[Any, Any]], visitors: Visitors) -> APIRouter:
    """A route for each verb: `plan.approve` is `POST /api/v1/ask/plan/approve`."""
    routes = APIRouter(prefix="/api/v1/ask", responses=documented(400, 401, 403, 409, 422, 503))
    for verb in verbs:
        _add(routes, verb, visitors)
    return routes


def _add(routes: APIRouter, verb: Verb[Any, Any], visitors: Visitors) -> None:
    async def ask(request: Request, asked: Value, language: Spoken) -> Value:
        client = visitors.client(request.state.proof)

        def call() -> Value:
            with speaking(language):
                answer: Value = client.call(verb, asked)
            return answer

        try:
            return await run_in_threadpool(call)
        except FosaError as error:
            raise HTTPException(status_of(error), str(error)) from error

    # What FastAPI reads the shapes from.
    ask.__annotations__ = {"request": Request, "asked": verb.asked, "language": Spoken, "return": verb.answer}
    permits = f"Takes what permits `{verb.action.value}`."
    routes.add_api_route(f"/{verb.name.replace('.', '/')}", ask, methods=["POST"], name=verb.name, description=permits)
