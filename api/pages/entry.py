"""Coming in and going out: the page with name, password and code."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.accounts.verbs import LOGIN, LOGOUT, Login, Secret
from api.pages.frame import Frame, Visit, away, fields
from api.visit.visitors import COOKIE, Visitors
from inventory.errors import FosaError, InputError
from inventory.words import gettext as _

__all__ = ["router"]

_LONGEST_S = 12 * 3600


def router(frame: Frame, visitors: Visitors) -> APIRouter:
    """The routes to come in and go out by."""
    routes = APIRouter(include_in_schema=False)

    async def shown(visit: Visit, then: str, problem: FosaError | None = None) -> Response:
        return await frame.page(
            visit, "login.html", lambda: {"next": _ours(then), "here": "/login", "with_plans": False}, problem
        )

    @routes.get("/login")
    async def door(request: Request) -> Response:
        return await shown(frame.visit(request), request.query_params.get("next", "/"))

    @routes.post("/login")
    async def come(request: Request) -> Response:
        visit, given = frame.visit(request), await fields(request)
        try:
            begun = await frame.ask(visit, lambda: visit.client.call(LOGIN, _login(given)))
        except FosaError as error:
            return await shown(visit, given.get("next", "/"), error)
        response = away(_ours(given.get("next", "/")))
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE, begun.secret, max_age=_LONGEST_S, httponly=True, samesite="strict", secure=secure, path="/"
        )
        return response

    @routes.post("/logout")
    async def go(request: Request) -> Response:
        visit = frame.visit(request)
        visitors.forget(visit.proof)
        response = away("/login")
        try:
            if visit.proof.session:
                await frame.ask(visit, lambda: visit.client.call(LOGOUT, Secret(secret=visit.proof.session)))
        except FosaError as error:
            # The desk is away: his browser forgets the session all the same, and he is told that it is not ended yet.
            response = await shown(visit, "/", error)
        response.delete_cookie(COOKIE, path="/")
        return response

    return routes


def _login(given: dict[str, str]) -> Login:
    try:
        return Login(
            name=given.get("name", ""), password=given.get("password", ""), code=given.get("code", "").replace(" ", "")
        )
    except ValueError as error:
        raise InputError(_("that is too long for a name or a code")) from error


def _ours(path: str) -> str:
    """A page of this service, whatever a link says: `//elsewhere` is somebody else's."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"
