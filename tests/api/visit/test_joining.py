"""Somebody with a code of an admin's sets password and second factor on the page, over a real desk."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.pages.qrcode import square
from api.people import proving, totp
from api.people.model import Caller, Role
from tests.api.visit.house import House, hidden
from tests.api.visit.house import house as served

NEW = "nine purple hedgehogs"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with served(tmp_path, os.getuid()) as made:
        yield made


@pytest.fixture
def code(house: House) -> str:
    """Jan has lost everything; what an admin gives him."""
    admin = Caller(account="anna", roles=frozenset({Role.ADMIN}), origin="socket uid 1000")
    return proving.reset(house.people.registry, admin, "jan")


async def begun(client: httpx.AsyncClient, code: str, name: str = "jan") -> dict[str, str]:
    """The hidden fields of the second form."""
    page = await client.post("/accept", data={"name": name, "one_time": code})
    assert page.status_code == 200, page.text
    return {field: hidden(page.text, field).replace("&amp;", "&") for field in ("name", "one_time", "uri", "sealed")}


def filled(house: House, form: dict[str, str], **other: str) -> dict[str, str]:
    """As somebody fills it in whose authenticator has read the square."""
    secret = parse_qs(urlsplit(form["uri"]).query)["secret"][0]
    house.people.factors["jan"] = secret
    shown = totp.current(secret, house.people.clock())
    return form | {"password": NEW, "again": NEW, "code": shown} | other


def test_a_code_of_an_admins_becomes_password_and_second_factor(house: House, code: str) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        assert 'href="/accept"' in (await client.get("/login")).text
        assert (await client.get("/accept")).status_code == 200
        page = await client.post("/accept", data={"name": "jan", "one_time": code})
        form = await begun(client, code)
        assert page.headers["cache-control"] == "no-store"
        assert square(hidden(page.text, "uri").replace("&amp;", "&")).path in page.text
        done = await client.post("/accept", data=filled(house, form))
        assert done.status_code == 200, done.text
        recovery = re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", done.text)
        assert len(recovery) == 8
        assert NEW not in done.text
        again = await client.post("/accept", data=filled(house, form))
        assert again.status_code == 403
        house.people.clock.forward(seconds=60)
        given = {"name": "jan", "password": NEW, "code": recovery[0], "next": "/plans"}
        assert (await client.post("/login", data=given)).headers["location"] == "/plans"
        assert (await client.get("/plans")).status_code == 200

    house.talk(visit)
    assert ("jan", "proof.accept", "account jan", "done") in house.people.deeds()


def test_what_was_mistyped_is_typed_again_with_the_same_second_factor(house: House, code: str) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        form = await begun(client, code)
        for wrong, said in (
            ({"again": "something else"}, "not the same"),
            ({"password": "short", "again": "short"}, "12 characters"),
            ({"code": "000000"}, "are both clocks right?"),
            ({"code": "1" * 400}, "are both clocks right?"),
        ):
            page = await client.post("/accept", data=filled(house, form, **wrong))
            assert page.status_code == 400
            assert said in page.text
            assert {field: hidden(page.text, field).replace("&amp;", "&") for field in form} == form
        assert (await client.post("/accept", data=filled(house, form))).status_code == 200

    house.talk(visit)


def test_a_second_factor_offered_too_long_ago_gives_way_to_another(house: House, code: str) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        form = await begun(client, code)
        house.people.clock.forward(minutes=16)
        late = await client.post("/accept", data=filled(house, form))
        assert late.status_code == 409
        assert "offered too long ago" in late.text
        fresh = form | {field: hidden(late.text, field).replace("&amp;", "&") for field in ("uri", "sealed")}
        assert fresh["sealed"] != form["sealed"]
        assert (await client.post("/accept", data=filled(house, fresh))).status_code == 200

    house.talk(visit)


def test_guesses_are_refused_alike_and_slowed_down(house: House, code: str) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        said = set()
        for name, guess in (("jan", "aaaa-bbbb-cccc-dddd"), ("ewa", code), ("stranger", code)):
            page = await client.post("/accept", data=filled(house, await begun(client, guess, name)))
            assert page.status_code == 403
            said.add(re.search(r'role="alert">.*?<span>(.*?)</span>', page.text, re.DOTALL)[1])  # type: ignore[index]  # an assertion
        assert len(said) == 1
        for _time in range(6):
            await client.post("/accept", data=filled(house, await begun(client, "aaaa-bbbb-cccc-dddd")))
        barred = await client.post("/accept", data=filled(house, await begun(client, code)))
        assert barred.status_code == 403
        house.people.clock.forward(minutes=5)
        assert (await client.post("/accept", data=filled(house, await begun(client, code)))).status_code == 200

    house.talk(visit)


def test_forms_that_are_none_begin_anew(house: House, code: str) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        nobody = await client.post("/accept", data={"name": '"><script>', "one_time": code})
        assert nobody.status_code == 400
        assert "<script>" not in nobody.text
        form = await begun(client, code)
        for uri in (
            "https://evil.example/?secret=x",
            "otpauth://totp/x",
            "otpauth://[",
            f"otpauth://?secret={'x' * 99}",
        ):
            page = await client.post("/accept", data=filled(house, form) | {"uri": uri})
            assert page.status_code == 200
            assert hidden(page.text, "uri") != uri
        foreign = await client.post("/accept", data=filled(house, form), headers={"origin": "http://evil.example"})
        assert foreign.status_code == 403
        assert (await client.post("/accept", data=filled(house, form))).status_code == 200

    house.talk(visit)


def test_without_a_desk_it_is_said(house: House, tmp_path: Path) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        (tmp_path / "fosa.sock").rename(tmp_path / "away")
        page = await client.post("/accept", data={"name": "jan", "one_time": "aaaa-bbbb-cccc-dddd"})
        assert page.status_code == 503
        assert "fosa serve is not running" in page.text
        (tmp_path / "away").rename(tmp_path / "fosa.sock")

    house.talk(visit)
