"""HTTP as strangers answer it: read strictly, bounded, never a crash."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import NonsenseError
from monitor.outgoing import NoWayError, body_of, question


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nabc", b"abc"),
        (b"HTTP/1.0 200 \r\ncontent-length: 2\r\n\r\nabc", b"ab"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n", b"abc"),
        (b"HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", b""),
    ],
)
def test_bodies(answer: bytes, body: bytes) -> None:
    assert body_of(answer) == body


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\n", "does not speak HTTP"),
        (b"HTTP/2 200 OK\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 5000 + b"\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\n\r\n", "answers HTTP 301"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "cut off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc", "cut off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nabc", "cut off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "cut off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\nabc", "cut off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na", "cut off"),
    ],
)
def test_what_is_none(answer: bytes, said: str) -> None:
    with pytest.raises(NonsenseError, match=said):
        body_of(answer)


@given(st.binary(max_size=200), st.sampled_from([b"", b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n"]))
def test_any_bytes_are_a_body_or_refused(data: bytes, field: bytes) -> None:
    try:
        found = body_of(b"HTTP/1.1 200 OK\r\n" + field + data)
    except NonsenseError:
        return
    assert len(found) <= len(data)


def test_a_question_is_one_request() -> None:
    asked = question("http://crl.example:8080/a/b.crl?x=1#y")
    assert (asked.host, asked.port, asked.body) == ("crl.example", 8080, b"")
    assert asked.head.startswith(b"GET /a/b.crl?x=1 HTTP/1.1\r\nHost: crl.example:8080\r\nUser-Agent: fosa\r\n")
    posted = question("http://ocsp.example", b"abc", "application/ocsp-request")
    assert posted.head.startswith(b"POST / HTTP/1.1\r\nHost: ocsp.example\r\n")
    assert posted.head.endswith(b"Content-Type: application/ocsp-request\r\nContent-Length: 3\r\n\r\n")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "crl.example/x",
        "https://crl.example/x",
        "http:///x",
        "http://a b/x",
        "http://crl.example/x\r\nX: y",
        "http://crl.example/\x7f",
        "http://a:b@crl.example/x",
        "http://[::1]/x",
        "http://[x/",
        "http://crl.example:0x50/",
        "http://źródło.example/x",
        "http://crl.example/" + "x" * 3000,
    ],
)
def test_what_is_never_asked(url: str) -> None:
    with pytest.raises(NoWayError):
        question(url)


@given(st.text(max_size=60))
def test_no_text_adds_a_line_to_a_request(text: str) -> None:
    try:
        asked = question(f"http://crl.example/{text}")
    except NoWayError:
        return
    assert asked.head.count(b"\r\n") == 6
