"""The pages by which people come in and decide, over a real desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.people import tokens
from api.people.model import Action, Caller, Role
from api.people.tokens import Wanted
from api.plans.model import RuleChange
from monitor.compliance.model import Result
from tests.api.people.office import PASSWORD
from tests.api.visit.house import House, hidden
from tests.api.visit.house import house as served
from tests.api.work.plans import approve, plan


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with served(tmp_path, os.getuid()) as made:
        yield made


def test_nobody_reads_before_he_has_logged_in(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        away = await client.get("/")
        assert (away.status_code, away.headers["location"]) == (303, "/login?next=/")
        assert (await client.get("/api/v1/office", headers={"accept": "*/*"})).status_code == 401
        assert (await client.get("/metrics", headers={"accept": "*/*"})).status_code == 401
        assert (await client.get("/healthz")).status_code == 200
        assert (await house.enter(client, "jan", "/")).headers["location"] == "/"
        assert (await client.get("/")).status_code == 200
        assert (await client.get("/api/v1/office")).status_code == 200
        assert (await client.post("/logout")).status_code == 303
        assert (await client.get("/")).status_code == 303

    house.talk(visit)


def test_who_logs_out_while_the_desk_is_away_leaves_his_browser_and_is_told(house: House, tmp_path: Path) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "jan")
        (tmp_path / "fosa.sock").rename(tmp_path / "away")
        gone = await client.post("/logout")
        assert gone.status_code == 503
        assert "fosa serve is not running" in gone.text
        assert "fosa" not in client.cookies
        assert (await client.get("/plans")).headers["location"] == "/login?next=/plans"
        (tmp_path / "away").rename(tmp_path / "fosa.sock")
        assert (await client.get("/plans")).status_code == 303

    house.talk(visit)


def test_a_wrong_code_and_a_used_one_are_refused_alike(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        given = {"name": "jan", "password": PASSWORD, "code": "000000", "next": "/"}
        wrong = await client.post("/login", data=given)
        assert wrong.status_code == 403
        nobody = await client.post("/login", data={**given, "name": "nobody-at-all"})
        assert nobody.status_code == 403
        assert "fosa" not in wrong.cookies
        house.people.clock.forward(seconds=600)
        assert (await house.enter(client, "jan")).status_code == 303
        again = {"name": "jan", "password": PASSWORD, "code": house.people.code("jan"), "next": "/"}
        assert (await client.post("/login", data=again)).status_code == 403

    house.talk(visit)


def test_a_plan_is_proposed_by_one_and_approved_by_another(house: House) -> None:
    async def anna(client: httpx.AsyncClient) -> str:
        await house.enter(client, "anna")
        made = await client.post("/plans/propose", data={"why": "a new printer", "building": "", "on_site": ""})
        assert made.status_code == 303, made.text
        path = made.headers["location"]
        page = (await client.get(path)).text
        assert "waits for its approval" in page
        assert "/approve" not in page
        own = await client.post(f"{path}/approve", data={"digest": "0" * 64})
        assert own.status_code == 403
        assert "it takes the role approver" in own.text
        return str(path)

    async def ewa(client: httpx.AsyncClient) -> None:
        await house.enter(client, "ewa")
        stale = await client.post(f"{path}/approve", data={"digest": "0" * 64})
        assert stale.status_code == 409
        assert 'role="alert"' in stale.text
        page = (await client.get(path)).text
        assert (await client.post(f"{path}/approve", data={"digest": hidden(page, "digest")})).status_code == 303
        after = (await client.get(path)).text
        assert "approved" in after
        assert "ewa" in after

    path = house.talk(anna)
    house.talk(ewa)


def test_a_viewer_sees_and_decides_nothing(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "jan")
        assert (await client.get("/plans")).status_code == 200
        refused = await client.post("/plans/propose", data={"why": "because"})
        assert "it takes the role operator" in refused.text
        missing = await client.get("/plans/p-20261122-9999")
        assert missing.status_code == 400
        assert (await client.get("/plans/nonsense")).status_code == 400

    house.talk(visit)


def test_the_window_is_frozen_and_opened_on_the_page(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "ewa")
        assert (await client.post("/freezes/set", data={"why": "", "until": ""})).status_code == 400
        assert (await client.post("/freezes/set", data={"why": "elections", "until": ""})).status_code == 303
        assert "elections" in (await client.get("/plans")).text
        assert (await client.post("/freezes/end")).status_code == 303
        assert "elections" not in (await client.get("/plans")).text

    house.talk(visit)


def test_a_form_of_somebody_elses_page_is_refused(house: House) -> None:
    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "anna")
        for origin in ("http://evil.example", "null", ""):
            answer = await client.post("/plans/propose", data={"why": "because"}, headers={"origin": origin})
            assert answer.status_code == 403
        assert (await client.post("/", data={"why": "because"})).status_code == 405
        assert (await client.put("/plans/propose")).status_code == 405

    house.talk(visit)


def test_a_program_asks_with_a_token_within_its_scope(house: House) -> None:
    anna = Caller(account="anna", roles=frozenset({Role.ADMIN, Role.OPERATOR}), origin="socket uid 1000")
    wanted = Wanted(title="a script", scope=frozenset({Action.SEE}), days=30)
    token = tokens.issue(house.people.registry, anna, wanted).token

    async def ask(client: httpx.AsyncClient) -> None:
        with_token = {"authorization": f"Bearer {token}", "accept": "*/*"}
        listed = await client.post("/api/v1/ask/plan/list", json={}, headers=with_token)
        assert (listed.status_code, listed.json()["plans"]) == (200, [])
        refused = await client.post("/api/v1/ask/plan/propose", json={"why": "because"}, headers=with_token)
        assert refused.status_code == 403
        assert "its scope does not hold it" in refused.json()["detail"]
        nobody = {"authorization": "Bearer fosa_0_1", "accept": "*/*"}
        assert (await client.post("/api/v1/ask/plan/list", json={}, headers=nobody)).status_code == 401
        assert (await client.post("/api/v1/ask/plan/show", json={"plan": "x"}, headers=with_token)).status_code == 422

    house.talk(ask)


def test_while_nobody_has_an_account_the_service_reads_for_everybody(house: House, tmp_path: Path) -> None:
    (tmp_path / "accounts").unlink()

    async def visit(client: httpx.AsyncClient) -> None:
        assert (await client.get("/")).status_code == 200
        assert (await client.get("/plans")).status_code == 403

    house.talk(visit)


def test_what_a_plan_does_to_the_rules_stands_on_its_page(house: House) -> None:
    further = RuleChange(rule="FW-01", asset="gw-b", before=Result.FAIL, after=Result.FAIL)
    right = RuleChange(rule="MG-01", asset="gw-b", before=Result.FAIL, after=Result.PASS)
    made = plan("p-20261123-0009", [["gw-b"]]).model_copy(update={"caused": (further,), "fixed": (right,)})
    approve(house.context.ledger, made)

    async def visit(client: httpx.AsyncClient) -> None:
        await house.enter(client, "jan")
        page = (await client.get(f"/plans/{made.id}")).text
        assert "causes FW-01 on gw-b: failed already, and then by other lines</li>" in page
        assert "fixes MG-01 on gw-b</li>" in page

    house.talk(visit)
