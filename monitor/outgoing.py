"""HTTP to places that certificates name: one request, no redirects, bounded, and only where a flow lets the manager.

What a stranger's certificate says is a stranger's wish. A name is looked up here, and the address it leads to is what
is judged and spoken to.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from inventory.errors import DriverError
from inventory.model import Office
from inventory.policy import NOT_PUBLIC, Oracle
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.errors import Flaw, NonsenseError
from monitor.refused import Protocol, checked

__all__ = ["ANSWER_BYTES", "Exits", "NoWayError", "Question", "body_of", "fetch", "question"]

ANSWER_BYTES = 1 << 20
_HEAD_BYTES = 16 * 1024
_ADDRESSES = 4
_URL_CHARS = 2000
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z")
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: |\Z)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,6})[ \t]*(?:;[^\r\n]*)?\Z")


class NoWayError(DriverError):
    """Nothing was asked: nobody lets the manager go there. Carries a Sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """One request."""

    url: str
    host: str
    port: int
    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Exits:
    """Where the manager of an office may go."""

    office: Office

    def objection(self, address: IPv4Address, port: int) -> Sentence | None:
        """Why it may not go there today; None when it may."""
        office = self.office
        named = any(address in endpoint.pinned for channel in office.channels for endpoint in channel.endpoints)
        if not named and any(address in network for network in (*NOT_PUBLIC, *office.prefixes)):
            return say(N_("{address} is no public address, and the inventory names it nowhere"), address=address)
        manager = office.device(office.network.manager).address
        today = dt.datetime.now(dt.UTC).date()
        if manager is None or not Oracle(office, today).verdict(manager, address, "tcp", port).allowed:
            return say(N_("no flow lets the manager go to {address} port {port}"), address=address, port=port)
        return None


def question(url: str, body: bytes = b"", kind: str = "") -> Question:
    """A GET of an http URL, or with a body a POST. NoWayError for any other URL."""
    try:
        parts = urlsplit(url[:_URL_CHARS])
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        raise NoWayError(say(N_("the address in the certificate is none"))) from None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _URL_CHARS
    if parts.scheme != "http" or not plain or parts.username is not None or not _HOST.match(host):
        raise NoWayError(say(N_("the address in the certificate is none that is asked over plain HTTP")))
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"Host: {host}" + (f":{port}" if port != 80 else "")]
    lines += ["User-Agent: fosa", "Accept: */*", "Connection: close"]
    lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"] if body else []
    return Question(url, host, port, "\r\n".join([*lines, "", ""]).encode("ascii"), body)


async def fetch(asked: Question, exits: Exits) -> bytes:
    """The body of the answer. NoWayError; OSError where none comes; NonsenseError where it is not HTTP, or no 200.

    The name is looked up once: who answers differently the next time has no next time.
    """
    address = await _address(asked, exits)
    reader, writer = await asyncio.open_connection(str(address), asked.port, limit=_HEAD_BYTES)
    try:
        writer.write(asked.head + asked.body)
        await writer.drain()
        with checked(Protocol.HTTP):
            return body_of(await _all_of(reader))
    finally:
        writer.close()


def body_of(answer: bytes) -> bytes:
    """The body of an HTTP/1 answer that came to its end (RFC 9112). NonsenseError where it is broken, or no 200."""
    head, blank, rest = answer.partition(b"\r\n\r\n")
    status = _STATUS.match(head.partition(b"\r\n")[0])
    if not blank or len(head) > _HEAD_BYTES or status is None:
        raise NonsenseError(say(N_("what answers there does not speak HTTP")))
    if status[1] != b"200":
        raise NonsenseError(say(N_("the host answers HTTP {status}"), status=status[1].decode()), None)
    fields = _fields(head)
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        return _unchunked(rest)
    length = fields.get(b"content-length")
    if length is None:
        return rest
    if not re.fullmatch(rb"[0-9]{1,9}", length) or len(rest) < int(length):
        raise NonsenseError(say(N_("the answer is cut off")))
    return rest[: int(length)]


def _fields(head: bytes) -> dict[bytes, bytes]:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, _colon, value in lines}


def _unchunked(rest: bytes) -> bytes:
    body = b""
    while True:
        line, _end, rest = rest.partition(b"\r\n")
        size = _CHUNK.match(line)
        if size is None or len(rest) < int(size[1], 16):
            raise NonsenseError(say(N_("the answer is cut off")))
        length = int(size[1], 16)
        if length == 0:
            return body
        body += rest[:length]
        rest = rest[length:].removeprefix(b"\r\n")


async def _all_of(reader: asyncio.StreamReader) -> bytes:
    parts, taken = [], 0
    while part := await reader.read(64 * 1024):
        taken += len(part)
        if taken > ANSWER_BYTES + _HEAD_BYTES:
            raise NonsenseError(say(N_("the answer is longer than {n} bytes"), n=ANSWER_BYTES), Flaw.TOO_MUCH)
        parts.append(part)
    return b"".join(parts)


async def _address(asked: Question, exits: Exits) -> IPv4Address:
    """The first address of a name that may be gone to. NoWayError with what stands against the last one."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(asked.host, asked.port, family=socket.AF_INET, type=socket.SOCK_STREAM)
    objection = say(N_("{host} has no IPv4 address"), host=asked.host)
    for *_how, place in found[:_ADDRESSES]:
        address = IPv4Address(place[0])
        refused = exits.objection(address, asked.port)
        if refused is None:
            return address
        objection = refused
    raise NoWayError(objection)
