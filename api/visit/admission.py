"""Whether a request comes in: by its method, where it comes from, how long it is, and who brings it."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response

from api.problems import problem
from api.visit.visitors import COOKIE, Proof, Visitors
from inventory.errors import RefusedError, ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from starlette.types import Scope

__all__ = ["ASK", "admitted", "may_post"]

ASK = "/api/v1/ask/"
_FORMS = ("/plans/", "/freezes/", "/login", "/logout")
_FREE = ("/static/", "/login", "/logout", "/healthz")
"""What nobody has to prove anything for: how one comes in, and whether the service is well."""
_BODY_BYTES = 1 << 20


def may_post(scope: Scope) -> bool:
    """Whether this request may change something, as far as its method and place go."""
    return scope["method"] == "POST" and str(scope["path"]).startswith((ASK, *_FORMS))


async def admitted(scope: Scope, visitors: Visitors) -> Response | None:
    """None lets the request in, with its proof and who it is in the scope's state; else the answer that does not."""
    headers = Headers(scope=scope)
    if scope["method"] == "POST" and (refused := _posted(headers)) is not None:
        return refused
    proof = _proof(scope, headers)
    state = scope.setdefault("state", {})
    state["proof"], state["me"] = proof, None
    if str(scope["path"]).startswith(_FREE):
        return None
    try:
        state["me"] = await visitors.who(proof)
    except RefusedError as error:
        return _unknown(scope, headers, str(error))
    except ServiceError as error:
        return problem(503, str(error), {"retry-after": "5"})
    return None


def _proof(scope: Scope, headers: Headers) -> Proof:
    address = str((scope.get("client") or ("", 0))[0])
    kind, _space, word = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return Proof(address, token=word.strip()[:200])
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        cookie = None
    return Proof(address, session=cookie.value[:200] if cookie else "")


def _posted(headers: Headers) -> Response | None:
    """A browser sends its cookie along with other people's forms too, but says whose page the form was on."""
    length = headers.get("content-length", "")
    if not length.isdecimal() or "transfer-encoding" in headers:
        return problem(411, _("say how long it is"))
    if int(length) > _BODY_BYTES:
        return problem(413, _("this is more than the desk takes"))
    if "authorization" in headers:
        return None
    origin = headers.get("origin", "")
    if origin.partition("://")[2] != headers.get("host"):
        return problem(403, _("this form was on somebody else's page"))
    return None


def _unknown(scope: Scope, headers: Headers, why: str) -> Response:
    path = str(scope["path"])
    if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
        return RedirectResponse(f"/login?next={quote(path)}", 303, {"cache-control": "no-store"})
    return problem(401, why, {"www-authenticate": "Bearer"})
