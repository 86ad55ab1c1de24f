"""`fosa devices`: what a running watch knows of the devices it polls, in lines, in full and as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import run
from api.cli.exits import Exit
from inventory.load import load
from monitor.expected import unwatched
from monitor.results import State
from monitor.snmp.model import Polled
from tests.api.linked import linked
from tests.monitor.snmp.sights import polled, printer, silent, switch, ups

PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"


def now(one: Polled) -> Polled:
    at = dt.datetime.now(dt.UTC)
    return one.model_copy(update={"at": at, "since": at})


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A watch that has polled four devices of the example."""
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    monkeypatch.setenv("FOSA_INVENTORY", str(PILA))
    known = (
        polled("sw-k-1", switch(4)),
        polled("prn-b-01", printer(), State.DEGRADED, "no paper"),
        polled("ups-k", ups()),
        silent("sw-b-1"),
    )
    with linked(tmp_path, unwatched(load(PILA).require(), dt.datetime.now(dt.UTC)), map(now, known)):
        yield


def lines(captured: str) -> dict[str, str]:
    return {line.split()[0]: line for line in captured.splitlines() if line.strip()}


def test_every_device_has_a_line_with_what_it_says(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["devices", "--lang", "en"]) == Exit.DIFFERENCE
    found = lines(capsys.readouterr().out)
    assert len(found) == 1 + 54, "the head, and all that are expected"
    assert " ".join(found["Device"].split()) == "Device State Model Firmware Ports Supplies Batteries Asked Why"
    assert found["sw-k-1"].split()[1:6] == ["up", "Cisco", "WS-C2960X-48TS-L", "15.2(7)E4", "3/4"]
    assert "5 %" in found["prn-b-01"]
    assert found["prn-b-01"].endswith("no paper")
    assert " min" in found["ups-k"]
    assert found["sw-b-1"].split()[1] == "down"
    assert found["sw-c-1"].endswith("not asked yet")


def test_one_device_is_told_in_full(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["devices", "prn-b-01", "--lang", "en"]) == Exit.DIFFERENCE
    said = capsys.readouterr().out
    assert said.startswith("prn-b-01: degraded (no paper)\n")
    assert "Model: Brother MFC-L9570CDW ZA\n" in said
    assert "Pages printed: " in said
    assert "\nSupplies\n" in said
    assert "running low" in said
    assert run(["devices", "sw-k-1", "--lang", "en"]) == Exit.DONE
    assert "\nPorts\n" in capsys.readouterr().out


def test_programs_are_told_everything(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["devices", "--json"]) == Exit.DIFFERENCE
    found = {each["name"]: each for each in json.loads(capsys.readouterr().out)["devices"]}
    assert len(found) == 54
    assert (found["sw-k-1"]["kind"], found["sw-k-1"]["polled"]["state"]) == ("switch", "up")
    assert len(found["sw-k-1"]["polled"]["figures"]["ports"]) >= 4
    assert found["sw-b-1"]["polled"]["cause"] == "no answer"
    assert found["sw-c-1"]["polled"]["state"] == "unknown"


def test_a_device_that_is_not_polled_is_bad_input(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["devices", "nobody"]) == Exit.BAD_INPUT
    assert "nobody" in capsys.readouterr().err


def test_where_no_watch_runs_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    monkeypatch.setenv("FOSA_INVENTORY", str(PILA))
    for command in ("devices", "probe"):
        assert run([command, "--lang", "en"]) == Exit.FAILED
        assert "fosa serve is not running here" in capsys.readouterr().err
