"""The pages about history and drift, over a real desk and a real archive."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.plans.model import Kind
from tests.api.visit.house import House, hidden
from tests.api.visit.house import house as served


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with served(tmp_path, os.getuid()) as made:
        yield made


def test_before_anything_was_kept_the_page_says_so(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "jan")
        page = (await client.get("/history")).text
        assert "Nobody has looked yet." in page
        assert page.count("Nothing is kept yet") == len(house.context.office.managed)
        assert "Nothing is kept yet" in (await client.get("/history/gw-b")).text

    house.talk(visit)


def test_a_revision_is_read_compared_and_put_back(house: House) -> None:
    done = house.carried_out()
    house.type_in("gw-b")

    async def visit(client: httpx.AsyncClient) -> str:
        await house.enter(client, "anna")
        page = (await client.get("/history/gw-b")).text
        assert f'href="/plans/{done}"' in page
        drifted, approved = dict.fromkeys(re.findall(r'href="/history/gw-b/([0-9a-f]{40})"', page))
        text = (await client.get(f"/history/gw-b/{approved}")).text
        assert "file /etc/nftables.conf" in text
        assert "typed by hand" not in text
        between = (await client.get(f"/history/gw-b/compare?older={approved}&newer={drifted}")).text
        assert "+# typed by hand" in between
        now = (await client.get(f"/history/gw-b/compare?older={drifted}&newer=running")).text
        assert "No difference." in now
        made = await client.post("/history/gw-b/restore", data={"revision": approved, "why": "as it was"})
        assert made.status_code == 303
        return made.headers["location"].rpartition("/")[2]

    plan = house.record.plan(house.talk(visit))
    assert (plan.kind, plan.author, plan.why) == (Kind.RESTORE, "anna", "as it was")


def test_the_last_change_is_taken_back_of_one_device_or_of_all(house: House) -> None:
    done = house.proposed().plan.id
    house.approve(done)
    house.begin(done)
    house.found(done)
    house.end(done)

    async def visit(client: httpx.AsyncClient) -> list[str]:
        await house.enter(client, "jan")
        assert "/undo" not in (await client.get("/history/gw-b")).text + (await client.get("/history")).text
        assert (await client.post("/history/undo", data={"why": "x"})).status_code == 403
        await house.enter(client, "anna")
        assert 'action="/history/gw-b/undo"' in (await client.get("/history/gw-b")).text
        assert 'action="/history/undo"' in (await client.get("/history")).text
        for path in ("/history/gw-b/undo", "/history/undo"):
            refused = await client.post(path, data={"why": ""})
            assert refused.status_code == 400
            assert "say why" in refused.text
        made = [await client.post(path, data={"why": "too soon"}) for path in ("/history/gw-b/undo", "/history/undo")]
        pages = [(await client.get(answer.headers["location"])).text for answer in made]
        assert all(f'href="/plans/{done}"' in page for page in pages)
        return [answer.headers["location"].rpartition("/")[2] for answer in made]

    plans = [house.record.plan(name) for name in house.talk(visit)]
    assert {plan.kind for plan in plans} == {Kind.UNDO}
    assert {plan.why for plan in plans} == {"too soon"}
    assert [{device.name for device in plan.devices} for plan in plans] == [{"gw-b"}, {"gw-k", "gw-k2", "gw-b"}]


def test_a_drift_is_shown_and_put_back_by_a_plan(house: House) -> None:
    house.carried_out()
    house.type_in("gw-b")

    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "anna")
        for path in ("/plans", "/history"):
            assert "does not run what was approved" in (await client.get(path)).text
        page = (await client.get("/history/gw-b")).text
        assert "+# typed by hand" in page
        assert "/history/gw-b/adopt" not in page
        refused = await client.post("/history/gw-b/put-back", data={"why": ""})
        assert refused.status_code == 400
        made = await client.post("/history/gw-b/put-back", data={"why": "nobody asked for it"})
        assert made.headers["location"].startswith("/plans/p-")
        assert made.headers["location"] in (await client.get("/plans")).text
        assert (await client.post("/history/gw-b/adopt", data={"found": "0" * 40, "why": "x"})).status_code == 403

    house.talk(visit)


def test_a_drift_that_was_read_is_approved_by_who_may(house: House) -> None:
    house.carried_out()
    house.type_in("gw-b")

    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "ewa")
        found = hidden((await client.get("/history/gw-b")).text, "found")
        assert (await client.post("/history/gw-b/put-back", data={"why": "x"})).status_code == 403
        house.office.drivers["gw-b"].running = {"file /etc/nftables.conf": "moved on\n"}
        assert (await client.post("/history/gw-b/adopt", data={"found": found, "why": "x"})).status_code == 409
        house.type_in("gw-b", "# again")
        found = hidden((await client.get("/history/gw-b")).text, "found")
        assert (
            await client.post("/history/gw-b/adopt", data={"found": found, "why": "it is right"})
        ).status_code == 303
        assert "/history/gw-b" not in (await client.get("/plans")).text
        assert "adopted by ewa: it is right" in (await client.get("/history/gw-b")).text

    house.talk(visit)


def test_all_are_looked_at_on_request(house: House) -> None:
    house.carried_out()
    driver = house.office.drivers["gw-b"]
    driver.running = {**driver.running, "file /etc/nftables.conf": "typed by hand\n"}

    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "jan")
        assert "Nobody has looked yet." in (await client.get("/history")).text
        assert (await client.post("/history/look")).status_code == 303
        assert "does NOT run what was approved" in (await client.get("/history")).text

    house.talk(visit)


def test_what_is_not_there_is_said(house: House) -> None:
    house.carried_out()

    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "anna")
        for path in (
            "/history/gw-x",
            "/history/gw-b/0000",
            "/history/gw-b/compare?older=0000",
            "/history/%3Cscript%3E",
        ):
            answer = await client.get(path)
            assert answer.status_code == 400, path
            assert 'role="alert"' in answer.text
            assert "<script>" not in answer.text
        assert (await client.post("/history/gw-b/nonsense", data={"why": "x"})).status_code == 400
        nothing = await client.post("/history/gw-x/undo", data={"why": "x"})
        assert (nothing.status_code, "no change of gw-x" in nothing.text) == (400, False)

    house.talk(visit)
