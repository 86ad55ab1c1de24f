"""What the pages beside the first one have in common: their frame, their language, the forms sent from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeVar
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.desk.client import Client
from api.desk.wire import status_of
from api.pages.environment import environment
from api.pages.labels import labels
from api.pages.static import addresses
from api.pages.tongue import NAMES, wanted
from api.pages.wording import wording
from api.picture import Pictures
from api.visit.visitors import Proof, Visitors
from inventory.errors import FosaError
from inventory.words import Language, speaking

__all__ = ["Frame", "Visit", "away", "fields"]

_A_YEAR_S = 365 * 24 * 3600
_FIELDS = 20
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody's for a page."""

    language: Language
    proof: Proof
    client: Client
    me: str
    """His account's name; empty while nobody has to have one."""
    asked: bool
    """Whether he has just chosen the language."""


class Frame:
    """Renders pages of one served office."""

    def __init__(self, pictures: Pictures, visitors: Visitors) -> None:
        self._pictures, self._visitors = pictures, visitors

    def visit(self, request: Request) -> Visit:
        """Who it is, in which language."""
        asked = request.query_params.get("lang")
        language = wanted(asked, request.cookies.get("lang"), request.headers.get("accept-language", ""))
        proof, me = request.state.proof, request.state.me
        return Visit(
            language, proof, self._visitors.client(proof), me.account if me is not None else "", asked == language
        )

    async def page(
        self, visit: Visit, template: str, values: Callable[[], dict[str, object]], *, status: int = 200
    ) -> Response:
        """A page; `values` may ask the desk, and runs in a thread, in the visitor's language. What the desk refuses is
        said on a page of its own.
        """
        try:
            found = await self.ask(visit, values)
        except FosaError as error:
            template, status, found = "refused.html", status_of(error), {"problem": str(error)}
        with speaking(visit.language):
            html = environment().get_template(template).render(self._frame(visit) | found)
        response = HTMLResponse(html, status, {"cache-control": "no-store", "vary": "accept-language, cookie"})
        if visit.asked:
            response.set_cookie("lang", visit.language, max_age=_A_YEAR_S, httponly=True, samesite="strict")
        return response

    async def ask(self, visit: Visit, call: Callable[[], _Answer]) -> _Answer:
        """Ask the desk in a thread, in the visitor's language."""

        def spoken() -> _Answer:
            with speaking(visit.language):
                return call()

        return await run_in_threadpool(spoken)

    def _frame(self, visit: Visit) -> dict[str, object]:
        return {
            "t": {**labels(), **wording()},
            "language": visit.language,
            "languages": NAMES,
            "office": self._pictures.now().office.title,
            "static": addresses(),
            "version": version("fosa"),
            "me": visit.me,
            "events": "",
            "problem": "",
            "place": "",
        }


async def fields(request: Request) -> dict[str, str]:
    """The fields of a form, each once. What is none comes out empty."""
    try:
        found = parse_qs((await request.body()).decode(), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items()}


def away(path: str) -> Response:
    """To another page of ours, by GET."""
    return RedirectResponse(path, 303, {"cache-control": "no-store"})
