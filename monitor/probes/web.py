"""One HTTP question to a place the inventory names, with or without TLS: bounded, no redirects, any status told."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import h11

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.errors import Flaw, NonsenseError
from monitor.probes.handshake import Server
from monitor.refused import Protocol, checked

__all__ = ["AGENT", "BODY_BYTES", "Answer", "Question", "fetch"]

AGENT = "fosa (probe)"
BODY_BYTES = 1 << 20
_HEAD_BYTES = 16 * 1024
_READ_BYTES = 64 * 1024
_INTERIM = 8
"""So many answers that are not the last one (RFC 9110, section 15.2) are passed over."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `path` begins with a slash; with a body it is a POST."""

    path: str
    body: bytes = b""
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, whole."""

    status: int
    body: bytes
    media: str = ""
    """The field Content-Type as it stands there."""


@dataclass(slots=True)
class _Coming:
    status: int = 0
    media: str = ""
    body: bytearray = field(default_factory=bytearray)
    interim: int = 0


async def fetch(server: Server, question: Question, context: ssl.SSLContext | None = None) -> Answer:
    """Ask once, over a connection of its own, with TLS where there is a context.

    Raises OSError (ssl's among them) where there is no connection, NonsenseError where what comes is not HTTP or more
    than anybody reads. The time is the caller's to bound.
    """
    reader, writer = await asyncio.open_connection(
        server.address, server.port, ssl=context, server_hostname=server.name if context is not None else None
    )
    try:
        dialogue = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_BYTES)
        writer.write(_written(dialogue, server, question, secured=context is not None))
        await writer.drain()
        with checked(Protocol.HTTP):
            return await _read(dialogue, reader)
    finally:
        # Not closed politely: whoever answers slowly would hold the connection open.
        writer.transport.abort()


def _written(dialogue: h11.Connection, server: Server, question: Question, *, secured: bool) -> bytes:
    usual = server.port == (443 if secured else 80)
    headers = [("Host", server.name if usual else f"{server.name}:{server.port}"), ("User-Agent", AGENT)]
    headers += [("Accept", "*/*"), ("Connection", "close"), *question.headers]
    if question.body:
        headers.append(("Content-Length", str(len(question.body))))
    method = "POST" if question.body else "GET"
    asked = h11.Request(method=method, target=question.path, headers=headers)
    parts = [dialogue.send(asked), dialogue.send(h11.Data(data=question.body)), dialogue.send(h11.EndOfMessage())]
    return b"".join(part for part in parts if part)


async def _read(dialogue: h11.Connection, reader: asyncio.StreamReader) -> Answer:
    coming = _Coming()
    async for event in _events(dialogue, reader):
        match event:
            case h11.InformationalResponse():
                coming.interim += 1
                if coming.interim > _INTERIM:
                    raise NonsenseError(say(N_("what answers there does not speak HTTP")))
            case h11.Response():
                coming.status = event.status_code
                coming.media = _media(event.headers)
            case h11.Data():
                coming.body += event.data
                if len(coming.body) > BODY_BYTES:
                    raise NonsenseError(say(N_("the answer is longer than {n} bytes"), n=BODY_BYTES), Flaw.TOO_MUCH)
            case h11.EndOfMessage():
                return Answer(coming.status, bytes(coming.body), coming.media)
    raise NonsenseError(say(N_("the host closes instead of answering")), None)


async def _events(dialogue: h11.Connection, reader: asyncio.StreamReader) -> AsyncIterator[object]:
    while True:
        try:
            event = dialogue.next_event()
        except h11.ProtocolError:
            raise NonsenseError(say(N_("what answers there does not speak HTTP"))) from None
        if event is h11.NEED_DATA:
            dialogue.receive_data(await reader.read(_READ_BYTES))
        elif isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
            return
        else:
            yield event


def _media(headers: Iterable[tuple[bytes, bytes]]) -> str:
    return next((value.decode("latin-1") for name, value in headers if name == b"content-type"), "")
