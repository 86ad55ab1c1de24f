"""How somebody who has a code of an admin's comes to his password and second factor: in two forms, without scripts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api.accounts.verbs import ACCEPT, OFFER, Accept, Named
from api.pages.frame import Frame, Values, Visit, fields
from api.pages.qrcode import square
from api.people.proving import Offer, Proving
from inventory.errors import ConflictError, FosaError, InputError
from inventory.words import gettext as _

__all__ = ["router"]

_SECRET_LONGEST = 64


@dataclass(frozen=True, slots=True)
class _Form:
    """What was typed, and what the form before it holds for the next one. Nothing of it is kept here in between."""

    name: str
    one_time: str = field(repr=False)
    password: str = field(repr=False)
    again: str = field(repr=False)
    code: str = field(repr=False)
    offer: Offer | None = field(repr=False)
    """The second factor his authenticator may have already; None: there is none yet, or it is no longer good."""

    @classmethod
    def of(cls, given: dict[str, str]) -> _Form:
        """What is missing is empty."""
        texts = {name: given.get(name, "") for name in ("name", "one_time", "password", "again", "code")}
        return cls(**texts, offer=_offer(given.get("uri", ""), given.get("sealed", "")))

    def accepted(self) -> Accept:
        """What the desk is asked. InputError for what it would not even read."""
        if self.offer is None:
            raise InputError(_("begin again: there is no second factor to be confirmed"))
        if self.password != self.again:
            raise InputError(_("the two are not the same; nothing was changed"))
        proving = Proving(password=self.password, sealed=self.offer.sealed, code=self.code)
        return Accept(name=self.name, code=self.one_time, proving=proving)


def router(frame: Frame) -> APIRouter:
    """The routes: the door with a code of an admin's, and the form behind it."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/accept")
    async def door(request: Request) -> Response:
        return await _door(frame, frame.visit(request), "")

    @routes.post("/accept")
    async def accept(request: Request) -> Response:
        visit, form = frame.visit(request), _Form.of(await fields(request))
        try:
            named = Named(name=form.name)
        except ValidationError:
            return await _door(frame, visit, form.name, InputError(_("that is no name of an account")))
        if form.offer is None:
            return await _shown(frame, visit, form, named)
        try:
            recovery = await frame.ask(visit, lambda: visit.client.call(ACCEPT, _asked(form)))
        except ConflictError as error:
            # It was offered too long ago: here is another one, which the authenticator must learn.
            return await _shown(frame, visit, replace(form, offer=None), named, error)
        except FosaError as error:
            return await _shown(frame, visit, form, named, error)
        values: Values = {"name": form.name, "codes": recovery.codes, "here": "/accept", "with_plans": False}
        return await frame.page(visit, "accepted.html", lambda: values)

    return routes


async def _door(frame: Frame, visit: Visit, name: str, problem: FosaError | None = None) -> Response:
    return await frame.page(
        visit, "accept.html", lambda: {"name": name, "here": "/accept", "with_plans": False}, problem
    )


async def _shown(frame: Frame, visit: Visit, form: _Form, named: Named, problem: FosaError | None = None) -> Response:
    """The second form. Whether the admin's code is right is seen when everything is there, and told no earlier."""

    def values() -> Values:
        offer = form.offer or visit.client.call(OFFER, named)
        return {
            "name": form.name,
            "one_time": form.one_time,
            "offer": offer,
            "square": square(offer.uri),
            "secret": _secret(offer.uri),
            "here": "/accept",
            "with_plans": False,
        }

    return await frame.page(visit, "prove.html", values, problem)


def _asked(form: _Form) -> Accept:
    try:
        return form.accepted()
    except ValidationError as error:
        raise InputError(_("that is too long for a name or a code")) from error


def _offer(uri: str, sealed: str) -> Offer | None:
    """As the form brings it back. What it draws is his own business: the desk goes by what is sealed."""
    return Offer(uri=uri, sealed=sealed) if sealed and 0 < len(_secret(uri)) <= _SECRET_LONGEST else None


def _secret(uri: str) -> str:
    """The text to be typed where there is no camera."""
    try:
        parts = urlsplit(uri)
        return parse_qs(parts.query).get("secret", [""])[0] if parts.scheme == "otpauth" else ""
    except ValueError:
        return ""
