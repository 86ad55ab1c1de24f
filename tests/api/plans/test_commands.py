"""Plans on the command line, over a desk that is really served."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli.commands import run_command
from api.cli.exits import Exit
from api.cli.pushed import served
from api.people.model import Role
from api.plans.handlers import handlers
from api.plans.model import PlanState
from tests.api.desk.desks import Doors, desk
from tests.api.plans.offices import Tried, tried

PILA = Path(__file__).parents[3] / "inventory/examples/pila"
FIRST = "p-20261123-0001"
ROLES = frozenset({Role.ADMIN, Role.OPERATOR, Role.APPROVER})


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tried]:
    """Served to anna (by her uid) and to ewa (by her token)."""
    made = tried(tmp_path / "office")
    made.add_flow(None)
    (tmp_path / "desk").mkdir()
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    monkeypatch.delenv("FOSA_TOKEN", raising=False)
    monkeypatch.setenv("FOSA_INVENTORY", str(tmp_path))
    doors = Doors(uids={os.getuid(): "anna"}, tokens={"fosa_2": "ewa"}, roles=ROLES)
    with desk(tmp_path / "desk", handlers(made.context), doors):
        yield made


def as_ewa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOSA_TOKEN", "fosa_2")


def test_a_plan_goes_from_proposal_to_approval(
    office: Tried, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["propose", "--why", "repair of the file server"]) == Exit.DONE
    told = capsys.readouterr().out
    assert f"{FIRST}  what the inventory says: waits for its approval" in told
    assert "in this order: gw-b > gw-k" in told
    assert "touches: what may pass; taken back by: the device itself" in told
    assert run_command(["approve", FIRST, "--yes"]) == Exit.FAILED
    assert "somebody else must" in capsys.readouterr().err
    as_ewa(monkeypatch)
    assert run_command(["approve", FIRST, "--yes", "--summary"]) == Exit.DONE
    assert f"{FIRST}: approved" in capsys.readouterr().out
    assert office.plan(FIRST).approvals[0].who == "ewa"
    assert run_command(["plans"]) == Exit.DONE
    listed = capsys.readouterr().out
    assert "repair of the file server" in listed
    assert "approved by ewa" in listed
    assert "The window is open." in listed


def test_nothing_is_approved_where_nobody_is_asked(office: Tried, capsys: pytest.CaptureFixture[str]) -> None:
    run_command(["propose", "--why", "x", "--json"])
    assert json.loads(capsys.readouterr().out)["shown"]["plan"]["id"] == FIRST
    assert run_command(["approve", FIRST]) == Exit.BAD_INPUT
    assert "nobody is there to agree: add --yes" in capsys.readouterr().err
    assert office.plan(FIRST).state is PlanState.PROPOSED


def test_reject_and_withdraw_end_a_plan(office: Tried, capsys: pytest.CaptureFixture[str]) -> None:
    run_command(["propose", "gw-b", "--why", "x"])
    run_command(["propose", "gw-k", "--why", "x", "--until", "2026-11-24"])
    assert run_command(["reject", FIRST]) == Exit.BAD_INPUT
    assert run_command(["reject", FIRST, "--why", "not now"]) == Exit.DONE
    assert run_command(["withdraw", "p-20261123-0002"]) == Exit.DONE
    assert office.plan(FIRST).state is PlanState.REJECTED
    capsys.readouterr()
    assert run_command(["plans", "--all"]) == Exit.DONE
    assert "rejected by anna: not now" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["propose"], "say what it is for: --why TEXT"),
        (["propose", "--why", "x", "--until", "tomorrow"], "'tomorrow' is no day: write it as 2026-11-30"),
        (["plans", "latest"], "'latest' is no plan: they are called like p-20261122-0001"),
        (["plans", "p-20200101-0001"], "there is no plan p-20200101-0001"),
        (["propose", "gw-z", "--why", "x"], "there is no device gw-z"),
        (["begin", "p-20200101-0001"], "there is no plan p-20200101-0001"),
        (["unfreeze"], "there is no freeze to be ended"),
    ],
)
def test_bad_input_is_said(office: Tried, capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert run_command(words) == Exit.BAD_INPUT
    assert message in capsys.readouterr().err
    assert office.deeds() == []


def test_a_freeze_is_set_told_and_ended(office: Tried, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["freeze", "payments", "run", "--until", "2026-11-24"]) == Exit.DONE
    assert "frozen by anna" in capsys.readouterr().out
    assert run_command(["plans"]) == Exit.DONE
    closed = capsys.readouterr().out
    assert "anna has frozen all changes until 2026-11-24: payments run; it opens: 2026-11-25" in closed
    assert run_command(["unfreeze"]) == Exit.DONE
    assert "nothing is frozen" in capsys.readouterr().out
    assert [deed.split()[1] for deed in office.deeds()] == ["freeze.set", "freeze.end"]


def test_another_inventory_than_the_service_s_is_refused(office: Tried, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["propose", "--why", "x", "--inventory", str(PILA)]) == Exit.BAD_INPUT
    assert "fosa serve has read another inventory than this one" in capsys.readouterr().err
    assert office.deeds() == []


def test_push_is_a_proposal_where_a_service_runs(office: Tried, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["push", "gw-b", "--yes"]) == Exit.DIFFERENCE
    assert f"somebody else must approve it: fosa approve {FIRST}" in capsys.readouterr().out
    assert office.plan(FIRST).why == "fosa push"
    assert run_command(["push", "gw-b", "--carrier", "ssh"]) == Exit.BAD_INPUT
    assert "leave --carrier and --revert-after out" in capsys.readouterr().err


def test_push_waits_for_the_window_like_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tried(tmp_path / "office", dt.datetime.fromisoformat("2026-11-27T14:00+01:00"))
    made.add_flow(None)
    changes = made.office.changes.model_copy(update={"four_eyes": False})
    made.office = made.office.model_copy(update={"changes": changes})
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    monkeypatch.setenv("FOSA_INVENTORY", str(tmp_path))
    (tmp_path / "desk").mkdir()
    with desk(tmp_path / "desk", handlers(made.context), Doors(uids={os.getuid(): "anna"}, roles=ROLES)):
        assert run_command(["push", "--yes", "--summary"]) == Exit.DIFFERENCE
    assert "changes begin between 07:30 and 13:00 today; fosa follow p-20261127-0001" in capsys.readouterr().out
    assert made.plan("p-20261127-0001").state is PlanState.APPROVED


def test_without_a_service_there_is_nobody_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    assert served() is None
    assert run_command(["plans"]) == Exit.FAILED
    assert "fosa serve is not running here" in capsys.readouterr().err
