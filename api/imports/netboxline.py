"""The line to a NetBox: pynetbox over a session that asks one server only, follows nothing and does not wait long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from inventory.errors import FosaError, InputError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from requests import Response, Session

__all__ = ["ANSWER_BYTES", "open_api"]

ANSWER_BYTES = 32 * 1024**2
_CONNECT_S, _ANSWER_S = 5, 30


@contextmanager
def open_api(url: str, token: str, ca: Path | None) -> Iterator[Any]:  # pynetbox has no types
    """The API of pynetbox. Whatever goes wrong inside comes out as a FosaError that names the server and no token."""
    import pynetbox  # type: ignore[import-untyped]  # ships no types
    import requests

    _refuse_open(url)
    api = pynetbox.api(url, token=token)
    api.http_session = _session(url, ca)
    try:
        yield api
    except (pynetbox.RequestError, pynetbox.ContentError) as error:
        status = error.req.status_code
        why = {401: _("it does not know the token"), 403: _("it does not let the token read this")}.get(status)
        said = why or _("it does not answer as a NetBox does ({status})").format(status=status)
        raise FosaError(_("{url}: {why}").format(url=url, why=said)) from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # pynetbox takes what it is given for what it expects, and falls over anything else.
        why = _("what it answers is not what a NetBox says")
        raise FosaError(_("{url}: {why}").format(url=url, why=why)) from error
    except requests.RequestException as error:
        raise FosaError(_("{url}: {why}").format(url=url, why=_reason(error))) from error
    finally:
        api.http_session.close()


def _refuse_open(url: str) -> None:
    """A token is worth the whole NetBox: it travels only where nobody can read along."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or parts.query:
        raise InputError(_("{url} is no address of a NetBox, such as https://netbox.example").format(url=url))
    if parts.scheme == "http" and not _loopback(host):
        raise InputError(_("{url}: a token is sent over https only").format(url=url))


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _session(url: str, ca: Path | None) -> Session:
    from requests import PreparedRequest, Session

    class OneServer(Session):
        """Asks only the server it was made for, and reads only so much of its answers."""

        def send(self, request: PreparedRequest, **options: Any) -> Response:  # noqa: ANN401  as its base has it
            if request.method != "GET" or _origin(request.url or "") != _origin(url):
                raise _elsewhere(url, request.url)
            options |= {"timeout": (_CONNECT_S, _ANSWER_S), "allow_redirects": False, "stream": True}
            answer = super().send(request, **options)
            if answer.is_redirect:
                raise _elsewhere(url, answer.headers.get("Location"))
            answer._content = _bounded(url, answer)
            return answer

    session = OneServer()
    session.trust_env = False
    if ca is not None:
        session.verify = str(ca)
    return session


def _elsewhere(url: str, other: str | None) -> FosaError:
    return FosaError(_("{url} sends us elsewhere: {other}; that is not followed").format(url=url, other=other))


def _bounded(url: str, answer: Response) -> bytes:
    whole = b""
    for piece in answer.iter_content(65536):
        whole += piece
        if len(whole) > ANSWER_BYTES:
            message = _("{url} answers with more than {limit} MiB at once")
            raise FosaError(message.format(url=url, limit=ANSWER_BYTES // 1024**2))
    return whole


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _reason(error: Exception) -> str:
    inner = error
    while isinstance(inner.__context__, Exception):
        inner = inner.__context__
    return str(inner).strip("()") or type(inner).__name__
