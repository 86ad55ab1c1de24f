"""The page of one device that is read by SNMP."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Cookie, Header, HTTPException, Query, Request, Response
from starlette.responses import HTMLResponse

from api.pages.environment import environment
from api.pages.history import event_rows
from api.pages.labels import labels
from api.pages.polled import what_it_is
from api.pages.sheet import sheet
from api.pages.signs import of_state
from api.pages.sites import device_named, room_of
from api.pages.static import addresses
from api.pages.times import Clock
from api.pages.tongue import A_YEAR_S, NAMES, wanted
from api.pages.wording import wording
from api.picture import Picture, Pictures
from inventory.model import Device, Office
from inventory.words import Language, speaking
from inventory.words import gettext as _
from monitor.snmp.model import Polled

__all__ = ["router"]


def router(pictures: Pictures, *, with_plans: bool = False) -> APIRouter:
    """The route."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/devices/{name}")
    async def device(
        request: Request,
        name: str,
        asked: Annotated[str | None, Query(alias="lang", max_length=20)] = None,
        remembered: Annotated[str | None, Cookie(alias="lang")] = None,
        accepted: Annotated[str, Header(alias="accept-language")] = "",
    ) -> Response:
        language, now = wanted(asked, remembered, accepted), pictures.now()
        me = getattr(request.state, "me", None)
        known = {"with_plans": with_plans, "me": me.account if me is not None else ""}
        with speaking(language):
            found = device_named(now.office, name)
            polled = now.polled.get(name)
            if found is None or polled is None:
                raise HTTPException(404, _("no device of that name is read by SNMP"))
            html = (
                environment()
                .get_template("sheet.html")
                .render(**_frame(language, now.office, name), **known, **_values(now, found, polled, kept=with_plans))
            )
        response = HTMLResponse(html, headers={"cache-control": "no-store", "vary": "accept-language, cookie"})
        if asked == language:
            response.set_cookie("lang", language, max_age=A_YEAR_S, httponly=True, samesite="strict")
        return response

    return routes


def _frame(language: Language, office: Office, name: str) -> dict[str, object]:
    return {
        "t": {**labels(), **wording()},
        "language": language,
        "languages": NAMES,
        "office": office.title,
        "static": addresses(),
        "version": version("fosa"),
        "events": "",
        "place": "network",
        "here": f"/devices/{quote(name)}",
        "query": "",
        "problem": "",
    }


def _values(now: Picture, device: Device, polled: Polled, *, kept: bool) -> dict[str, object]:
    clock = Clock(now.office.calendar.timezone, now.at)
    where = (now.office.building(device.building).title, room_of(now.office, device))
    made = what_it_is(device, polled.figures)
    return {
        "device": device.name,
        "what": ", ".join(filter(None, (made, *where))),
        "sign": of_state(polled.state),
        "since": clock.moment(polled.since),
        "cause": str(polled.cause),
        "problems": [str(problem) for problem in polled.problems],
        "at": None if polled.at is None else clock.moment(polled.at),
        "kept": kept and device.managed,
        "sheet": None if polled.figures is None else sheet(polled.figures),
        "rows": event_rows(now, clock, {f"device:{device.name}", f"snmp:{device.name}"}),
    }
