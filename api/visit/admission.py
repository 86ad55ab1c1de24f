"""Whether a request comes in: by its method, where it comes from, how long it is, and who brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response

from api.problems import problem
from api.visit.visitors import COOKIE, Proof, Visitors
from inventory.errors import RefusedError, ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from starlette.types import Scope

__all__ = ["ASK", "admitted", "may_post"]

ASK = "/api/v1/ask/"
_FORMS = ("/plans/", "/freezes/", "/history/")
_DOORS = frozenset({"/login", "/logout", "/accept"})
_FREE = _DOORS | {"/healthz"}
"""And `/static/`: what nobody has to prove anything for: how one comes in, and whether the service is well."""
_BODY_BYTES, _DIGITS = 1 << 20, 10


def may_post(scope: Scope) -> bool:
    """Whether this request may change something, as far as its method and place go."""
    path = str(scope["path"])
    return scope["method"] == "POST" and (path.startswith((ASK, *_FORMS)) or path in _DOORS)


async def admitted(scope: Scope, visitors: Visitors) -> Response | None:
    """None lets the request in, with its proof and who it is in the scope's state; else the answer that does not."""
    headers = Headers(scope=scope)
    proof = _proof(scope, headers)
    if scope["method"] == "POST" and (refused := _posted(headers, proof)) is not None:
        return refused
    state = scope.setdefault("state", {})
    state["proof"], state["me"] = proof, None
    if (path := str(scope["path"])) in _FREE or path.startswith("/static/"):
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
    # Other services of this machine have set theirs in the same jar, some in ways the standard library stops at.
    return Proof(address, session=cookie_parser(headers.get("cookie", "")).get(COOKIE, "")[:200])


def _posted(headers: Headers, proof: Proof) -> Response | None:
    """How long it says it is, the server holds it to. And a browser sends its cookie along with other people's forms
    too, but says whose page the form was on.
    """
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()) or "transfer-encoding" in headers:
        return problem(411, _("say how long it is"))
    if len(length) > _DIGITS or int(length) > _BODY_BYTES:
        return problem(413, _("this is more than the desk takes"))
    if proof.token:
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
