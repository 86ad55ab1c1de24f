"""The commands of history through a desk that is really served: what a person sees, and what a program gets."""

import datetime as dt
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.archive.handlers import handlers
from api.cli import run
from api.cli.exits import Exit
from api.people.model import Role
from api.plans.shelf import PLANS
from tests.api.archive.offices import Standing
from tests.api.desk.desks import Doors, Served, desk

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def served(office: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Whoever runs the tests is ewa, and may do everything. It is now: a look that is old is said to be."""
    office.now = dt.datetime.now(dt.UTC)
    (tmp_path / "desk").mkdir()
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    doors = Doors(uids={os.getuid(): "ewa"}, roles=frozenset(Role))
    with desk(tmp_path / "desk", handlers(office.context), doors) as made:
        yield made


def found(office: Standing, capsys: Captured, device: str = "gw-b") -> str:
    capsys.readouterr()
    run(["drift", "--last", "--json"])
    drifts = json.loads(capsys.readouterr().out)["open"]
    return str(next(drift["found"] for drift in drifts if drift["device"] == device))


def adopted(office: Standing, capsys: Captured) -> None:
    assert run(["drift"]) == Exit.DIFFERENCE
    for name in office.drivers:
        words = ["drift", name, "--adopt", "--why", "as it came", "--found", found(office, capsys, name)]
        assert run(words) == Exit.DONE
    assert run(["drift"]) == Exit.DONE
    capsys.readouterr()


def test_drift_shows_what_differs_and_both_ways_out(office: Standing, served: Served, capsys: Captured) -> None:
    assert run(["drift", "--last"]) == Exit.FAILED
    assert "nobody has looked yet" in capsys.readouterr().out
    adopted(office, capsys)
    office.type_in("gw-b")
    assert run(["drift", "gw-b"]) == Exit.DIFFERENCE
    out = capsys.readouterr().out
    assert "does NOT run what was approved" in out
    assert "+# typed by hand" in out
    assert "fosa drift gw-b --adopt --found" in out
    assert "gw-k" not in out
    assert run(["drift", "gw-b", "--put-back", "--why", "not ours"]) == Exit.DONE
    (kept,) = office.ledger.list(PLANS)
    assert f"fosa approve {kept.key}" in capsys.readouterr().out
    assert run(["drift", "gw-b"]) == Exit.DIFFERENCE
    assert f"plan {kept.key} puts it back" in capsys.readouterr().out


def test_history_diff_and_restore_go_together(office: Standing, served: Served, capsys: Captured) -> None:
    assert run(["history"]) == Exit.DONE
    assert "nothing is kept yet" in capsys.readouterr().out
    adopted(office, capsys)
    office.type_in("gw-b")
    assert run(["history", "gw-b", "--json"]) == Exit.DONE
    newest, older = json.loads(capsys.readouterr().out)["revisions"]
    assert (newest["origin"]["kind"], newest["origin"]["who"], older["origin"]["kind"]) == ("adoption", "ewa", "drift")
    assert run(["history", "gw-b"]) == Exit.DONE
    assert "adopted by ewa: as it came" in capsys.readouterr().out
    assert run(["history", "gw-b", "--show", newest["id"][:8]]) == Exit.DONE
    assert "table inet" in capsys.readouterr().out
    assert run(["diff", "gw-b"]) == Exit.DIFFERENCE
    assert "+# typed by hand" in capsys.readouterr().out
    assert run(["diff", "gw-b", newest["id"], newest["id"]]) == Exit.DONE
    assert run(["restore", "gw-b", newest["id"][:8], "--why", "as it was"]) == Exit.DONE
    assert "-# typed by hand" in capsys.readouterr().out


def test_what_cannot_be_is_said(office: Standing, served: Served, capsys: Captured) -> None:
    assert run(["undo", "--why", "wrong"]) == Exit.BAD_INPUT
    assert "no change is in the history" in capsys.readouterr().err
    assert run(["restore", "gw-b", "abc123", "--why", "x"]) == Exit.BAD_INPUT
    assert run(["diff", "gw-x"]) == Exit.BAD_INPUT
    assert run(["drift", "gw-b", "--adopt", "--put-back", "--why", "x"]) == Exit.BAD_INPUT
    assert run(["drift", "--adopt", "--why", "x"]) == Exit.BAD_INPUT
    assert run(["drift"]) == Exit.DIFFERENCE
    assert run(["drift", "gw-b", "--adopt", "--why", "unread"]) == Exit.BAD_INPUT
    assert "--found REVISION" in capsys.readouterr().err


def test_an_old_look_is_not_taken_for_news(office: Standing, served: Served, capsys: Captured) -> None:
    adopted(office, capsys)
    office.later(-45)
    assert run(["drift"]) == Exit.FAILED
    assert "not looked at for half an hour: " in capsys.readouterr().err
