"""The call of a SOAP operation: a child works it out (`monitor.probes.envelope`), texts are carried to and fro here."""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw
from monitor.probes.base import heard
from monitor.probes.envelope import LINE_BYTES, Ending
from monitor.probes.identity import Door
from monitor.probes.web import Answer, Question, fetch
from monitor.refused import Protocol, refuse
from monitor.results import State

__all__ = ["Visit", "call"]

_ANSWER_S = 20.0
_TURNS = 24
"""A description may be spread over so many documents."""
_CARRIED = frozenset({"content-type", "soapaction"})

_Line = dict[str, object]


@dataclass(slots=True)
class Visit:
    """One canary's way: whom it asks, what it has asked, and how long the service took."""

    door: Door
    context: ssl.SSLContext
    seconds: float = 0.0
    asked: list[str] = field(default_factory=list)

    async def ask(self, question: Question) -> Answer:
        """As `fetch`, within its time."""
        begun = time.monotonic()
        self.asked.append(f"{'POST' if question.body else 'GET'} {question.path}")
        try:
            async with asyncio.timeout(_ANSWER_S):
                return await fetch(self.door.server, question, self.context)
        finally:
            self.seconds += time.monotonic() - begun


async def call(visit: Visit, path: str, operation: str, description: Answer) -> tuple[State, Sentence]:
    """Call an operation of the service whose description was had from `path`. Raises what `fetch` raises."""
    wsdl = f"{_origin(visit.door)}{path}"
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "monitor.probes.envelope"),
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd="/", env={}, limit=LINE_BYTES,
    )  # fmt: skip
    try:
        if child.stdin is None or child.stdout is None:
            raise BrokenPipeError  # cannot be: both were asked for
        await _tell(child.stdin, {"wsdl": wsdl, "operation": operation})
        for _turn in range(_TURNS):
            wish = await _wish(child.stdout)
            if "end" in wish:
                return _ended(Ending(str(wish["end"])), heard(str(wish.get("words", ""))))
            await _tell(child.stdin, await _carried(visit, wish, {wsdl: description}))
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
    return _ended(Ending.BROKEN, f"> {_TURNS}")


async def _wish(reader: asyncio.StreamReader) -> _Line:
    """What the child says next. One that says nothing any more has met its limits."""
    try:
        wish = json.loads(await reader.readline())
    except ValueError:
        wish = None
    return wish if isinstance(wish, dict) else {"end": Ending.BROKEN.value, "words": "?"}


async def _tell(writer: asyncio.StreamWriter, what: _Line) -> None:
    try:
        writer.write(json.dumps(what).encode() + b"\n")
        await writer.drain()
    except (BrokenPipeError, ConnectionResetError):
        return  # Whoever is gone says nothing more, and that is read next.


async def _carried(visit: Visit, wish: _Line, known: Mapping[str, Answer]) -> _Line:
    """The answer to a question of the child, asked of the one host that is the platform's, and of no other."""
    url = str(wish.get("get") or wish.get("post") or "")
    if url in known and "get" in wish:
        answer = known[url]
    elif (path := _path(url, visit.door)) is None:
        return {"refused": url}
    else:
        headers = wish.get("headers")
        fields = headers.items() if isinstance(headers, dict) else ()
        carried = tuple((str(name), str(value)) for name, value in fields if str(name).lower() in _CARRIED)
        answer = await visit.ask(Question(path, base64.b64decode(str(wish.get("body", ""))), carried))
    return {
        "status": answer.status,
        "media": answer.media or "text/xml",
        "body": base64.b64encode(answer.body).decode("ascii"),
    }


def _origin(door: Door) -> str:
    port = "" if door.server.port == 443 else f":{door.server.port}"
    return f"https://{door.server.name}{port}"


def _path(url: str, door: Door) -> str | None:
    """The path of a URL that is on the door's own host; None for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        return None
    here = parts.scheme == "https" and parts.hostname == door.server.name and port == door.server.port
    if not here or parts.username is not None:
        return None
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _ended(ending: Ending, words: str) -> tuple[State, Sentence]:
    match ending:
        case Ending.ANSWERED:
            return State.UP, say(N_("the service answers"))
        case Ending.FAULT:
            return State.DEGRADED, say(N_("the service answers with a fault: {words}"), words=words)
        case Ending.MISSING:
            return State.DEGRADED, say(N_("the description has no operation {name}"), name=words)
        case Ending.UNFIT:
            text = N_("the operation wants something to be given, and is none to ask now and then: {words}")
            return State.UNKNOWN, say(text, words=words)
        case Ending.ELSEWHERE:
            text = N_("the description leads to {url}, which is not the channel's host: nothing was asked there")
            return State.DEGRADED, say(text, url=words)
        case Ending.BROKEN:
            refuse(Protocol.SOAP, Flaw.MALFORMED)
            return State.DEGRADED, say(N_("what the service says cannot be read: {words}"), words=words)
