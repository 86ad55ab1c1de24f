"""The pages about plans: which there are, what one does, what becomes of it; and the forms by which people decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.archive import verbs as archive
from api.desk.verb import Nothing, Verb
from api.pages.allowed import plan_deeds
from api.pages.drifting import drift_rows
from api.pages.following import Followed, Following
from api.pages.frame import Frame, Values, Visit, away, fields
from api.pages.planned import brief_rows, end_rows, plan_view, times
from api.picture import Pictures
from api.plans import verbs
from api.plans.model import PlanState
from api.plans.verbs import Approving, Freezing, Proposal, Reasoned, Which, WhichPlan
from api.problems import problem, status_of
from api.work import verbs as changes
from api.work.verbs import WhichChange
from inventory.errors import FosaError, InputError
from inventory.model.base import Value
from inventory.words import gettext as _
from inventory.words import speaking

__all__ = ["MOST_FOLLOWERS", "router"]

MOST_FOLLOWERS = 50
"""Each has a connection of the desk's, which has others to answer."""
_Asked = Callable[[str, dict[str, str]], Value]


def _which(plan: str, _given: dict[str, str]) -> Value:
    return _named(plan)


def _change(plan: str, _given: dict[str, str]) -> Value:
    return WhichChange(plan=plan)


def _reasoned(plan: str, given: dict[str, str]) -> Value:
    return Reasoned(plan=plan, why=given.get("why", ""))


def _approving(plan: str, given: dict[str, str]) -> Value:
    return Approving(plan=plan, digest=given.get("digest", ""))


_DECISIONS: dict[str, tuple[Verb[Any, Any], _Asked]] = {
    "approve": (verbs.APPROVE, _approving),
    "reject": (verbs.REJECT, _reasoned),
    "withdraw": (verbs.WITHDRAW, _reasoned),
    "begin": (verbs.BEGIN, _which),
    "stop": (changes.STOP, _change),
}


def router(frame: Frame, pictures: Pictures) -> APIRouter:
    """The routes of plans."""
    routes = APIRouter(include_in_schema=False)
    pages = _Pages(frame, pictures)
    routes.add_api_route("/plans", pages.every, methods=["GET"])
    routes.add_api_route("/plans/propose", pages.propose, methods=["POST"])
    routes.add_api_route("/plans/{plan}", pages.one, methods=["GET"])
    routes.add_api_route("/plans/{plan}/events", pages.events, methods=["GET"])
    routes.add_api_route("/plans/{plan}/{decision}", pages.decide, methods=["POST"])
    routes.add_api_route("/freezes/{what}", pages.freeze, methods=["POST"])
    return routes


class _Pages:
    def __init__(self, frame: Frame, pictures: Pictures) -> None:
        self._frame, self._pictures = frame, pictures
        self._followers = 0

    async def every(self, request: Request) -> Response:
        """All plans."""
        ended_too = request.query_params.get("all") == "1"
        return await self._every(self._frame.visit(request), ended_too=ended_too)

    async def one(self, request: Request, plan: str) -> Response:
        """One plan."""
        return await self._one(self._frame.visit(request), plan)

    async def events(self, request: Request, plan: str) -> Response:
        """What becomes of it, as it happens."""
        visit = self._frame.visit(request)
        if self._followers >= MOST_FOLLOWERS:
            return problem(503, _("too many readers; come back later"), {"retry-after": "10"})
        try:
            name = _named(plan).plan
            lines = await self._frame.follow(visit, f"change {name}")
        except FosaError as error:
            return problem(status_of(error), str(error))
        followed = Followed(name, visit.language, times(self._pictures))
        return Following(followed, lines, self._counted)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._followers += 1
        try:
            yield
        finally:
            self._followers -= 1

    async def decide(self, request: Request, plan: str, decision: str) -> Response:
        """A form about one plan."""
        visit, given = self._frame.visit(request), await fields(request)
        return await self._act(
            visit, partial(_decide, visit, plan, decision, given), f"/plans/{plan}", partial(self._one, visit, plan)
        )

    async def propose(self, request: Request) -> Response:
        """A form for a new plan."""
        visit, given = self._frame.visit(request), await fields(request)
        try:
            answer = await self._frame.ask(visit, lambda: visit.client.call(verbs.PROPOSE, _proposal(given)))
        except FosaError as error:
            return await self._every(visit, error)
        if answer.shown is None:
            with speaking(visit.language):
                nothing = "; ".join([_("every device runs what it should"), *map(str, answer.left_out)])
            return await self._every(visit, InputError(nothing))
        return away(f"/plans/{answer.shown.plan.id}")

    async def freeze(self, request: Request, what: str) -> Response:
        """The forms that close the window, and open it again."""
        visit, given = self._frame.visit(request), await fields(request)
        return await self._act(visit, partial(_freeze, visit, what, given), "/plans", partial(self._every, visit))

    async def _act(
        self, visit: Visit, call: Callable[[], object], then: str, again: Callable[[FosaError], Awaitable[Response]]
    ) -> Response:
        """Do what a form asks and go on; what the desk refuses is shown where the form was."""
        try:
            await self._frame.ask(visit, call)
        except FosaError as error:
            return await again(error)
        return away(then)

    async def _every(self, visit: Visit, problem: FosaError | None = None, *, ended_too: bool = False) -> Response:
        def values() -> Values:
            listed = visit.client.call(verbs.LIST, Which(all=ended_too))
            frozen = visit.client.call(verbs.FREEZES, Nothing())
            clock = times(self._pictures)
            return {
                "rows": brief_rows(listed, clock),
                "closed": listed.closed,
                "opens": clock.short(listed.opens) if listed.opens else "",
                "frozen": bool(frozen.freezes),
                "drifts": drift_rows(visit.client.call(archive.DRIFT, Nothing()), clock),
                "ended_too": ended_too,
                "buildings": self._pictures.now().office.buildings,
                "place": "plans",
                "here": "/plans",
            }

        return await self._frame.page(visit, "plans.html", values, problem)

    async def _one(self, visit: Visit, plan: str, problem: FosaError | None = None) -> Response:
        def values() -> Values:
            shown = visit.client.call(verbs.SHOW, _named(plan))
            here = f"/plans/{shown.plan.id}"
            view = plan_view(shown, times(self._pictures))
            events = f"{here}/events?lang={visit.language}" if view["running"] else ""
            if shown.plan.state in {PlanState.DONE, PlanState.FAILED}:
                change = visit.client.call(changes.SHOW, WhichChange(plan=shown.plan.id))
                view["ends"] = end_rows(shown.plan, change)
            return {
                **view,
                "may": plan_deeds(visit.caller, shown.plan),
                "place": "plans",
                "here": here,
                "events": events,
            }

        return await self._frame.page(visit, "plan.html", values, problem)


def _decide(visit: Visit, plan: str, decision: str, given: dict[str, str]) -> None:
    if decision not in _DECISIONS:
        raise InputError(_("nothing like that can be done with a plan"))
    verb, asked = _DECISIONS[decision]
    visit.client.call(verb, _parsed(asked, plan, given))


def _named(plan: str) -> WhichPlan:
    try:
        return WhichPlan(plan=plan)
    except ValueError as error:
        raise InputError(_("there is no such plan")) from error


def _parsed(asked: _Asked, plan: str, given: dict[str, str]) -> Value:
    try:
        return asked(plan, given)
    except ValueError as error:
        raise InputError(_("say why, in one line")) from error


def _proposal(given: dict[str, str]) -> Proposal:
    try:
        return Proposal(
            why=given.get("why", ""), building=given.get("building") or None, on_site=given.get("on_site", "")
        )
    except ValueError as error:
        raise InputError(_("say why, in one line")) from error


def _freeze(visit: Visit, what: str, given: dict[str, str]) -> None:
    if what != "set":
        visit.client.call(verbs.END_FREEZE, Nothing())
        return
    try:
        until = dt.date.fromisoformat(given["until"]) if given.get("until") else None
        freezing = Freezing(why=given.get("why", ""), until=until)
    except ValueError as error:
        raise InputError(_("say why, in one line, and the last day as 2026-12-31, or none")) from error
    visit.client.call(verbs.FREEZE, freezing)
