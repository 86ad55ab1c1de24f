"""The desk's other end: ask for a verb, follow what a change does."""

from __future__ import annotations

import http.client
import os
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from pydantic import ValidationError

from api.desk.verb import Verb
from api.desk.wire import BODY_LIMIT, FROM, LINE_LIMIT, SESSION, Told, Wrong, raised
from inventory.errors import FosaError, InputError, ServiceError
from inventory.model.base import Value
from inventory.words import gettext as _
from inventory.words import language

__all__ = ["Client"]

Asked = TypeVar("Asked", bound=Value)
Answer = TypeVar("Answer", bound=Value)

_PATIENCE_S = 300.0
"""A plan of the whole office is made while one waits; a dead service hangs up at once."""
_SILENCE_S = 60.0
"""Whoever is followed says something more often than this, if only that he is there."""
_AGAIN_S, _PAUSE_S = 30.0, 0.5
"""How long a work that has gone is waited for by who follows, and how often he asks."""
_ANSWER_LIMIT = 64 << 20


class Client:
    """Asks at one desk. Every call is a connection of its own, so one client serves any number of threads."""

    def __init__(self, desk: Path, *, token: str = "", session: str = "", reader: str = "") -> None:
        """`desk` is the socket. `token` proves who asks, else the kernel does; `session` with the `reader`'s address
        is for the edge alone.
        """
        self._desk = desk
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        if session or reader:
            self._headers |= {SESSION: session, FROM: reader}

    def call(self, verb: Verb[Asked, Answer], asked: Asked) -> Answer:
        """Ask. What the desk refuses is raised here as it was there; ServiceError when there is no desk."""
        body = asked.model_dump_json().encode()
        if len(body) > BODY_LIMIT:
            raise InputError(_("this is more than the desk takes: {n} bytes").format(n=len(body)))
        with self._connected(_PATIENCE_S) as connection:
            response = self._response(connection, "POST", f"/{verb.name}", body)
            return verb.answer.model_validate_json(_whole(response))

    def follow(self, subject: str, after: int = 0) -> Iterator[Told]:
        """The progress of a subject (`change p-20261122-0001`), after the line with that id, until it has ended.

        A work that is started again meanwhile is waited for.
        """
        lost_at = None
        while True:
            try:
                for told in self._told(subject, after):
                    after, lost_at = told.id, 0.0
                    if told.last:
                        return
                    yield told
            except ServiceError:
                if lost_at is None:
                    raise
                lost_at = lost_at or time.monotonic()
                if time.monotonic() - lost_at > _AGAIN_S:
                    raise
                time.sleep(_PAUSE_S)

    def _told(self, subject: str, after: int) -> Iterator[Told]:
        with self._connected(_SILENCE_S) as connection:
            response = self._response(connection, "GET", f"/follow/{quote(subject, safe='')}?after={after}")
            while line := response.readline(LINE_LIMIT):
                if line.strip():
                    yield Told.model_validate_json(line)
            raise http.client.IncompleteRead(b"")

    def _connected(self, patience_s: float) -> _Connection:
        return _Connection(self._desk, patience_s)

    def _response(
        self, connection: _Connection, method: str, path: str, body: bytes | None = None
    ) -> http.client.HTTPResponse:
        connection.request(method, path, body, self._with_language())
        response = connection.getresponse()
        if response.status != 200:
            raise _error(response)
        return response

    def _with_language(self) -> Mapping[str, str]:
        return {**self._headers, "Accept-Language": language(), "Content-Type": "application/json"}


class _Connection(http.client.HTTPConnection):
    """One connection to a Unix socket. In a `with`, whatever goes wrong with it comes out as a ServiceError."""

    def __init__(self, desk: Path, patience_s: float) -> None:
        super().__init__("desk", timeout=patience_s)
        self._desk = desk

    def connect(self) -> None:
        """Connect through the open folder: the place of a socket is limited to 107 bytes."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        folder = os.open(self._desk.parent, os.O_PATH | os.O_DIRECTORY)
        try:
            self.sock.connect(f"/proc/self/fd/{folder}/{self._desk.name}")
        finally:
            os.close(folder)

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self.close()
        match error:
            case FileNotFoundError() | ConnectionRefusedError():
                text = _("fosa serve is not running here ({desk}); start it, or name its state folder by FOSA_STATE")
                raise ServiceError(text.format(desk=self._desk)) from error
            case PermissionError():
                raise ServiceError(_("{desk}: this account may not go there").format(desk=self._desk)) from error
            case TimeoutError():
                raise ServiceError(_("fosa serve does not answer; see its log")) from error
            case OSError() | http.client.HTTPException():
                text = _("fosa serve has hung up in the middle: {why}; ask again")
                raise ServiceError(text.format(why=str(error) or type(error).__name__)) from error
            case ValidationError():
                text = _("fosa serve gives an answer this fosa does not know: are both of one version?")
                raise ServiceError(text) from error
            case _:
                pass


def _whole(response: http.client.HTTPResponse) -> bytes:
    expected = response.length
    body = response.read(_ANSWER_LIMIT + 1)
    if expected is not None and len(body) < min(expected, _ANSWER_LIMIT):
        raise http.client.IncompleteRead(body, expected - len(body))
    if len(body) > _ANSWER_LIMIT:
        raise http.client.HTTPException("too long")
    return body


def _error(response: http.client.HTTPResponse) -> FosaError:
    try:
        return raised(Wrong.model_validate_json(_whole(response)))
    except ValidationError:
        return ServiceError(_("fosa serve answers with {status}; see its log").format(status=response.status))
