"""The pages about what devices ran and run: their revisions, one's text, what differs, and the ways back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api.archive import verbs
from api.archive.model import Revision
from api.archive.verbs import Adoption, Comparison, History, PutBack, Restoration, Undoing, Whole
from api.archive.words import origin_text
from api.desk.verb import Nothing
from api.pages.difference import sections
from api.pages.drifting import drift_rows, stand_rows
from api.pages.frame import Frame, Values, Visit, away, fields
from api.pages.planned import times
from api.picture import Pictures
from inventory.errors import FosaError, InputError
from inventory.words import gettext as _

__all__ = ["router"]

_OF_ALL, _OF_ONE = 2000, 100
"""How many revisions are asked for: of the office to find each device's last, and of one device."""
_Deed = Callable[[Visit, str, dict[str, str]], str]
"""What a form does with a device; where to go then."""


def router(frame: Frame, pictures: Pictures) -> APIRouter:
    """The routes of history and drift."""
    routes = APIRouter(include_in_schema=False)
    pages = _Pages(frame, pictures)
    routes.add_api_route("/history", pages.every, methods=["GET"])
    routes.add_api_route("/history/look", pages.look, methods=["POST"])
    routes.add_api_route("/history/undo", pages.undo, methods=["POST"])
    routes.add_api_route("/history/{device}", pages.one, methods=["GET"])
    routes.add_api_route("/history/{device}/compare", pages.compare, methods=["GET"])
    routes.add_api_route("/history/{device}/{revision}", pages.text, methods=["GET"])
    routes.add_api_route("/history/{device}/{deed}", pages.act, methods=["POST"])
    return routes


class _Pages:
    def __init__(self, frame: Frame, pictures: Pictures) -> None:
        self._frame, self._pictures = frame, pictures

    async def every(self, request: Request) -> Response:
        """All devices."""
        return await self._every(self._frame.visit(request))

    async def look(self, request: Request) -> Response:
        """The form that has all devices looked at now."""
        visit = self._frame.visit(request)
        try:
            await self._frame.ask(visit, lambda: visit.client.call(verbs.LOOK, verbs.Which()))
        except FosaError as error:
            return await self._every(visit, error)
        return away("/history")

    async def undo(self, request: Request) -> Response:
        """The form that takes the office's last change back, on all its devices."""
        visit, given = self._frame.visit(request), await fields(request)
        try:
            then = await self._frame.ask(visit, lambda: _done(_undo, visit, "", given))
        except FosaError as error:
            return await self._every(visit, error)
        return away(then)

    async def one(self, request: Request, device: str) -> Response:
        """One device."""
        return await self._one(self._frame.visit(request), device)

    async def text(self, request: Request, device: str, revision: str) -> Response:
        """One revision's text."""
        visit = self._frame.visit(request)
        return await self._frame.page(visit, "revision.html", partial(self._text, visit, device, revision))

    async def compare(self, request: Request, device: str, older: str = "", newer: str = "") -> Response:
        """What differs between two revisions, or from what runs."""
        visit = self._frame.visit(request)
        asked = Comparison(device=device, older=older, newer=newer)
        return await self._frame.page(visit, "compared.html", partial(self._compared, visit, asked))

    async def act(self, request: Request, device: str, deed: str) -> Response:
        """A form about one device."""
        visit, given = self._frame.visit(request), await fields(request)
        try:
            then = await self._frame.ask(visit, lambda: _act(visit, device, deed, given))
        except FosaError as error:
            return await self._one(visit, device, error)
        return away(then)

    async def _every(self, visit: Visit, problem: FosaError | None = None) -> Response:
        def values() -> Values:
            drifted = visit.client.call(verbs.DRIFT, Nothing())
            kept = visit.client.call(verbs.LIST, History(limit=_OF_ALL))
            clock = times(self._pictures)
            devices = tuple(device.name for device in self._pictures.now().office.managed)
            return {
                "rows": stand_rows(devices, drifted, kept.revisions, clock),
                "drifts": drift_rows(drifted, clock),
                "place": "history",
                "here": "/history",
            }

        return await self._frame.page(visit, "history.html", values, problem)

    async def _one(self, visit: Visit, device: str, problem: FosaError | None = None) -> Response:
        def values() -> Values:
            kept = visit.client.call(verbs.LIST, History(device=device, limit=_OF_ONE))
            drifted, clock = visit.client.call(verbs.DRIFT, Nothing()), times(self._pictures)
            return {
                "device": device,
                "rows": [self._row(revision) for revision in kept.revisions],
                "more": kept.more,
                "drifts": drift_rows(drifted, clock, device),
                "running": verbs.RUNNING,
                "place": "history",
                "here": f"/history/{device}",
            }

        return await self._frame.page(visit, "device.html", values, problem)

    def _text(self, visit: Visit, device: str, revision: str) -> Values:
        found = visit.client.call(verbs.SHOW, Whole(device=device, revision=revision))
        return {
            "device": device,
            "row": self._row(found.revision),
            "sections": [(name, text.rstrip("\n")) for name, text in found.sections.items()],
            "running": verbs.RUNNING,
            "place": "history",
        }

    def _compared(self, visit: Visit, asked: Comparison) -> Values:
        found = visit.client.call(verbs.DIFF, asked)
        named = [_("what it runs now") if each == verbs.RUNNING else each[:10] for each in (found.older, found.newer)]
        return {
            "device": asked.device,
            "older": named[0],
            "newer": named[1],
            "sections": sections(found.diffs),
            "place": "history",
        }

    def _row(self, revision: Revision) -> Values:
        switches = (device.name for device in self._pictures.now().office.switches)
        return {
            "id": revision.id,
            "short": revision.short,
            "at": times(self._pictures).moment(revision.at),
            "told": origin_text(revision),
            "plan": revision.origin.plan,
            "approved": revision.approved,
            "bundle": revision.bundle or revision.device in switches,
        }


def _act(visit: Visit, device: str, deed: str, given: dict[str, str]) -> str:
    if (do := _DEEDS.get(deed)) is None:
        raise InputError(_("nothing like that can be done with a device"))
    return _done(do, visit, device, given)


def _done(do: _Deed, visit: Visit, device: str, given: dict[str, str]) -> str:
    try:
        return do(visit, device, given)
    except ValidationError as error:
        raise InputError(_("say why, in one line")) from error


def _adopt(visit: Visit, device: str, given: dict[str, str]) -> str:
    visit.client.call(verbs.ADOPT, Adoption(device=device, found=given.get("found", ""), why=given.get("why", "")))
    return f"/history/{device}"


def _put_back(visit: Visit, device: str, given: dict[str, str]) -> str:
    asked = PutBack(device=device, why=given.get("why", ""), on_site=given.get("on_site", ""))
    return f"/plans/{visit.client.call(verbs.PUT_BACK, asked).plan.id}"


def _restore(visit: Visit, device: str, given: dict[str, str]) -> str:
    revision, on_site = given.get("revision", ""), given.get("on_site", "")
    asked = Restoration(device=device, revision=revision, why=given.get("why", ""), on_site=on_site)
    return f"/plans/{visit.client.call(verbs.RESTORE, asked).plan.id}"


def _undo(visit: Visit, device: str, given: dict[str, str]) -> str:
    asked = Undoing(device=device, why=given.get("why", ""), on_site=given.get("on_site", ""))
    return f"/plans/{visit.client.call(verbs.UNDO, asked).plan.id}"


_DEEDS: dict[str, _Deed] = {"adopt": _adopt, "put-back": _put_back, "restore": _restore, "undo": _undo}
