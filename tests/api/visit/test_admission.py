"""Who comes in with what: lengths, origins, cookies, where one is sent afterwards, and what nobody keeps."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.visit.house import House, hidden, shown
from tests.api.visit.house import house as served


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("house"), os.getuid()) as made:
        yield made


def test_a_body_is_as_long_as_it_says_and_not_too_long(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        big = await client.post("/login", content=b"x" * ((1 << 20) + 1))
        assert big.status_code == 413
        for length in ("", "-1", "1e3", "²", "9" * 5000):
            answer = await client.post("/login", content=b"", headers={b"content-length": length.encode("latin-1")})
            assert answer.status_code in {411, 413}, length[:9]
        chunked = await client.post("/login", headers={"transfer-encoding": "chunked"}, content=b"x")
        assert chunked.status_code == 411

    house.talk(visit)


def test_a_body_that_is_longer_than_it_says_is_not_read(house: House) -> None:
    with shown(house) as url:
        place = urlsplit(url).netloc
        head = f"POST /login HTTP/1.1\r\nHost: {place}\r\nOrigin: {url}\r\nContent-Length: 9\r\n\r\nname=anna"
        with socket.create_connection(("127.0.0.1", int(place.rpartition(":")[2]))) as line:
            line.sendall(head.encode() + b"&next=/" * 1000)
            answer = line.recv(1 << 16)
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert b"&amp;next" not in answer


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "",
        "http://localhost:8065",
        "http://localhost:8064.evil.example",
        "http://localhost",
        "localhost:8064",
    ],
)
def test_a_form_of_another_page_is_refused_whatever_it_brings(house: House, origin: str) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "anna")
        for path in (
            "/plans/propose",
            "/freezes/end",
            "/history/gw-b/adopt",
            "/logout",
            "/login",
            "/api/v1/ask/plan/list",
        ):
            for brought in ({}, {"authorization": "Basic YTpi"}, {"authorization": "Bearer"}):
                answer = await client.post(path, data={"why": "because"}, headers={"origin": origin, **brought})
                assert answer.status_code == 403, (path, brought)
        assert (await client.get("/plans")).status_code == 200

    house.talk(visit)


def test_pages_only_answer_forms_where_forms_are(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "anna")
        for path in ("/", "/plans", "/history", "/metrics", "/healthz", "/loginx", "/static/frame.css"):
            assert (await client.post(path, data={"why": "because"})).status_code == 405, path
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            assert (await client.request(method, "/plans/propose")).status_code == 405

    house.talk(visit)


def test_the_session_is_a_cookie_nobody_else_gets(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        (cookie,) = (await house.enter(client, "jan")).headers.get_list("set-cookie")
        name, *flags = (part.strip().lower() for part in cookie.split(";"))
        assert name.startswith("fosa=")
        assert set(flags) == {"httponly", "samesite=strict", "path=/", "max-age=43200"}
        gone = (await client.post("/logout")).headers["set-cookie"]
        assert "max-age=0" in gone.lower()

    house.talk(visit)


def test_over_https_the_cookie_never_goes_in_the_clear(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        client.base_url = httpx.URL("https://localhost:8064")
        client.headers["origin"] = "https://localhost:8064"
        assert "Secure" in (await house.enter(client, "jan")).headers["set-cookie"]

    house.talk(visit)


def test_a_session_of_another_address_or_of_nobody_is_none(house: House) -> None:
    async def stolen(client: httpx.AsyncClient) -> None:
        client.cookies.set("fosa", secret)
        transport = client._transport
        assert isinstance(transport, httpx.ASGITransport)
        transport.client = ("127.0.0.2", 5)
        assert (await client.get("/plans")).status_code == 303

    async def nobody(client: httpx.AsyncClient) -> None:
        for secret in ("x", "x" * 5000, "%00", '"'):
            answer = await client.get("/plans", headers={"cookie": f"fosa={secret}"})
            assert answer.status_code == 303, secret[:9]

    async def visit(client: httpx.AsyncClient) -> str:
        await house.enter(client, "jan")
        strange = await client.get("/plans", headers={"cookie": f'a={{"b":1}}; fosa={client.cookies["fosa"]}; c=,'})
        assert strange.status_code == 200
        return client.cookies["fosa"]

    secret = house.talk(visit)
    house.talk(stolen)
    house.talk(nobody)


@pytest.mark.parametrize(
    "far",
    ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/\t/evil", "/\r\nx: y", "\\\\evil", ""],
)
def test_after_coming_in_one_stays_here(house: House, far: str) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        page = (await client.get("/login", params={"next": far})).text
        assert hidden(page, "next") == "/"
        assert (await house.enter(client, "jan", far)).headers["location"] == "/"

    house.talk(visit)


def test_nobody_keeps_what_only_somebody_may_read(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "jan")
        for path in ("/", "/plans", "/history", "/history/gw-b", "/login", "/api/v1/office", "/metrics", "/nowhere"):
            headers = (await client.get(path)).headers
            assert headers["cache-control"] == "no-store", path
            assert headers["referrer-policy"] == "same-origin", path
            assert "form-action 'self'" in headers["content-security-policy"], path

    house.talk(visit)


def test_what_was_asked_for_is_shown_in_another_language_too(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        page = (await client.get("/login?next=/history&lang=en")).text
        assert 'href="/login?next=%2Fhistory&amp;lang=pl"' in page
        await house.enter(client, "anna")
        refused = (await client.post("/plans/propose", data={"why": ""})).text
        assert 'href="/plans?lang=pl"' in refused

    house.talk(visit)
