"""What the pages beside the first one have in common: their frame, their language, the forms sent from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeVar
from urllib.parse import parse_qs, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.desk.client import Client
from api.pages.allowed import caller_of, deeds
from api.pages.environment import environment
from api.pages.labels import labels
from api.pages.static import addresses
from api.pages.tongue import A_YEAR_S, NAMES, wanted
from api.pages.wording import wording
from api.people.model import NOBODY, Caller
from api.picture import Pictures
from api.problems import status_of
from api.visit.lines import Lines
from api.visit.visitors import Proof, Visitors
from inventory.errors import FosaError
from inventory.words import Language, speaking

__all__ = ["Frame", "Values", "Visit", "away", "fields"]

_FIELDS = 20
_Answer = TypeVar("_Answer")
Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody's for a page."""

    language: Language
    proof: Proof
    client: Client
    caller: Caller
    asked: bool
    """Whether he has just chosen the language."""
    query: tuple[tuple[str, str], ...]
    """What else he has asked for."""


class Frame:
    """Renders pages of one served office."""

    def __init__(self, pictures: Pictures, visitors: Visitors) -> None:
        self._pictures, self._visitors = pictures, visitors

    def visit(self, request: Request) -> Visit:
        """Who it is, in which language."""
        asked = request.query_params.get("lang")
        language = wanted(asked, request.cookies.get("lang"), request.headers.get("accept-language", ""))
        proof, me = request.state.proof, request.state.me
        query = tuple((name, value) for name, value in request.query_params.items() if name != "lang")
        return Visit(
            language,
            proof,
            self._visitors.client(proof),
            caller_of(me),
            asked == language,
            query if request.method == "GET" else (),
        )

    async def follow(self, visit: Visit, subject: str) -> Lines:
        """What the desk tells of a change, without an end for as long as it lasts."""
        return await self._visitors.follow(visit.proof, subject, visit.language)

    async def page(
        self, visit: Visit, template: str, values: Callable[[], Values], problem: FosaError | None = None
    ) -> Response:
        """A page; `values` may ask the desk, and runs in a thread, in the visitor's language. What the desk refuses is
        said on a page of its own; `problem`, why a form of this page was refused, above it.
        """
        status = 200 if problem is None else status_of(problem)
        try:
            found = await self.ask(visit, values)
        except FosaError as error:
            template, status, problem, found = "refused.html", status_of(error), error, {}
        with speaking(visit.language):
            frame = self._frame(visit) | {"problem": str(problem) if problem is not None else ""}
            html = environment().get_template(template).render(frame | found)
        response = HTMLResponse(html, status, {"cache-control": "no-store", "vary": "accept-language, cookie"})
        if visit.asked:
            response.set_cookie("lang", visit.language, max_age=A_YEAR_S, httponly=True, samesite="strict")
        return response

    async def ask(self, visit: Visit, call: Callable[[], _Answer]) -> _Answer:
        """Ask the desk in a thread, in the visitor's language."""

        def spoken() -> _Answer:
            with speaking(visit.language):
                return call()

        return await run_in_threadpool(spoken)

    def _frame(self, visit: Visit) -> Values:
        return {
            "t": {**labels(), **wording()},
            "language": visit.language,
            "languages": NAMES,
            "office": self._pictures.now().office.title,
            "static": addresses(),
            "version": version("fosa"),
            "with_plans": True,
            "me": "" if visit.caller.account == NOBODY else visit.caller.account,
            "may": deeds(visit.caller),
            "events": "",
            "place": "",
            # A page that answers a form is to be found where the form was.
            "here": "",
            "query": f"{urlencode(visit.query)}&" if visit.query else "",
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
