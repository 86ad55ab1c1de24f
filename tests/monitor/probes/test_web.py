"""HTTP answers of every kind, also of servers that never end."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import NonsenseError
from monitor.probes.handshake import Server
from monitor.probes.web import BODY_BYTES, Answer, Question, fetch
from tests.monitor.probes.listeners import LOOPBACK, Served, speaking

SIMPLE = Question("/x")


def asked(served: Served, question: Question = SIMPLE, patience_s: float = 20.0) -> Answer:
    async def ask() -> Answer:
        async with speaking(served) as port, asyncio.timeout(patience_s):
            return await fetch(Server(str(LOOPBACK), port, "host.example"), question)

    return asyncio.run(ask())


def says(*parts: bytes) -> Served:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()

    return served


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Answer(200, b"ok")),
        (b"HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\n\r\nwhy", Answer(500, b"why", "text/plain")),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", Answer(200, b"ok")),
        (b"HTTP/1.1 100 Go\r\n\r\nHTTP/1.1 204 None\r\n\r\n", Answer(204, b"")),
        (b"HTTP/1.0 302 There\r\nLocation: http://10.0.0.1/\r\n\r\n", Answer(302, b"")),
    ],
)
def test_every_status_is_told_and_no_redirect_followed(said: bytes, answer: Answer) -> None:
    assert asked(says(said)) == answer


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([b"SSH-2.0-OpenSSH_9.2\r\n"], "does not speak HTTP"),
        ([b""], "does not speak HTTP"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"], "does not speak HTTP"),
        ([b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 70_000], "does not speak HTTP"),
        ([b"HTTP/1.1 100 Go\r\n\r\n"] * 20, "does not speak HTTP"),
        ([b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 65536] * 20], f"longer than {BODY_BYTES} bytes"),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(said: list[bytes], why: str) -> None:
    with pytest.raises(NonsenseError, match=why):
        asked(says(*said))


def test_a_body_without_an_end_is_not_read_to_it() -> None:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()

    with pytest.raises(NonsenseError, match="longer"):
        asked(served)


def test_a_server_that_drips_is_given_up() -> None:
    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for byte in b"HTTP/1.1 200 OK\r\n" * 1000:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.01)

    with pytest.raises(TimeoutError):
        asked(served, patience_s=0.3)


def test_what_is_asked_says_who_asks() -> None:
    heard = bytearray()

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(4))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    asked(served, Question("/s", b"body", (("SOAPAction", '"get"'),)))
    lines = bytes(heard).split(b"\r\n")
    assert lines[0] == b"POST /s HTTP/1.1"
    assert {b"User-Agent: fosa (probe)", b'SOAPAction: "get"', b"Content-Length: 4", b"body"} <= set(lines)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_whatever_comes_is_an_answer_or_none(data: bytes) -> None:
    with contextlib.suppress(NonsenseError):
        asked(says(data))
    with contextlib.suppress(NonsenseError):
        asked(says(b"HTTP/1.1 200 OK\r\n" + data))
