"""The routes of the page: itself, its events, its files. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Cookie, Header, HTTPException, Query, Request, Response
from starlette.responses import HTMLResponse

from api.pages import devices
from api.pages.board import Board, Seen
from api.pages.environment import environment
from api.pages.labels import labels
from api.pages.static import addresses, static_files
from api.pages.stream import Stream
from api.pages.tongue import A_YEAR_S, NAMES, wanted
from api.pages.wording import wording
from api.picture import Pictures
from inventory.words import LANGUAGES, Language, speaking
from inventory.words import gettext as _

__all__ = ["MOST_READERS", "router"]

MOST_READERS = 2000
"""Who comes after them is asked to come back later."""

_Asked = Annotated[str | None, Query(alias="lang", max_length=20)]
_Accepted = Annotated[str, Header(alias="accept-language")]


def router(pictures: Pictures, *, with_plans: bool = False) -> APIRouter:
    """The page over these pictures."""
    boards = {language: Board(pictures, language) for language in LANGUAGES}
    routes = APIRouter(include_in_schema=False)
    routes.include_router(devices.router(pictures, with_plans=with_plans))

    @routes.get("/")
    async def page(
        request: Request,
        asked: _Asked = None,
        remembered: Annotated[str | None, Cookie(alias="lang")] = None,
        accepted: _Accepted = "",
    ) -> Response:
        language = wanted(asked, remembered, accepted)
        headers = {"cache-control": "no-store", "vary": "accept-language, cookie"}
        me = getattr(request.state, "me", None)
        known = {"with_plans": with_plans, "me": me.account if me is not None else ""}
        page = _page(pictures, boards[language], language, known)
        response = HTMLResponse(page, headers=headers)
        if asked == language:
            response.set_cookie("lang", language, max_age=A_YEAR_S, httponly=True, samesite="strict")
        return response

    @routes.get("/events")
    async def events(
        asked: _Asked = None,
        seen: Annotated[str, Query(max_length=60)] = "",
        last_event_id: Annotated[str, Header(alias="last-event-id")] = "",
    ) -> Response:
        if sum(board.readers for board in boards.values()) >= MOST_READERS:
            raise HTTPException(503, _("too many readers; come back later"), {"retry-after": "10"})
        return Stream(boards[wanted(asked, None, "")], Seen.parse(last_event_id or seen))

    @routes.get("/static/{name}")
    async def static(name: str) -> Response:
        if (file := static_files().get(name)) is None:
            raise HTTPException(404, _("there is no such file"))
        headers = {"cache-control": f"public, max-age={A_YEAR_S}, immutable", "etag": f'"{file.digest}"'}
        return Response(file.content, media_type=file.media_type, headers=headers)

    return routes


def _page(pictures: Pictures, board: Board, language: Language, known: Mapping[str, object]) -> str:
    from markupsafe import Markup

    rendered = board.fragments()
    with speaking(language):
        return (
            environment()
            .get_template("page.html")
            .render(
                t={**labels(), **wording()},
                **known,
                place="network",
                here="/",
                query="",
                language=language,
                languages=NAMES,
                office=pictures.now().office.title,
                verdict=Markup(rendered["said"]),  # noqa: S704  rendered with every value escaped
                fragments={name: Markup(html) for name, html in rendered.items()},  # noqa: S704  as above
                events=f"/events?{urlencode({'lang': language, 'seen': str(board.seen)})}",
                static=addresses(),
                version=version("fosa"),
            )
        )
