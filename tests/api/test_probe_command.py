"""`fosa probe`: one probe asked from here, and all of them as a running watch knows them."""

from __future__ import annotations

import datetime as dt
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.cli import run
from api.cli.exits import Exit
from api.picture import Exchanges
from inventory.load import load
from inventory.sentence import say
from monitor.expected import unwatched
from monitor.results import ProbeExchange, State, Watched
from tests.api.linked import linked
from tests.monitor.probes.platforms import platform
from tests.slots import free_port

_BEFORE = ProbeExchange(
    at=dt.datetime(2027, 3, 1, 8, tzinfo=dt.UTC), sent="connect", received="", seconds=None, problem="no answer"
)


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """An office whose platform is on loopback, at this port."""
    found = free_port()
    (tmp_path / "office").mkdir()
    platform(tmp_path / "office", [found], more="")
    monkeypatch.setenv("FOSA_INVENTORY", str(tmp_path / "office"))
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    return found


@contextmanager
def listening(port: int) -> Iterator[None]:
    with socket.create_server(("127.0.0.1", port)):
        yield


def picture(folder: Path) -> Watched:
    blank = unwatched(load(folder / "office").require(), dt.datetime.now(dt.UTC))
    told = {"state": State.UP, "cause": say("told"), "age_s": 7.0}
    first, *rest = blank.probes
    return blank.model_copy(update={"probes": (first.model_copy(update=told), *rest)})


def test_one_probe_is_asked_at_once_and_says_what_went_over_the_wire(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"tcp:csizs/csizs.example:{port}"
    with listening(port):
        assert run(["probe", name, "--lang", "en"]) == Exit.DONE
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{name}: up (")
    told = dict(line.strip().split(": ", 1) for line in rest)
    assert told["Speaks of"] == "channel:csizs"
    assert told["Asked"] == f"127.0.0.1 port {port}"
    assert told["Came"].endswith(" ms")
    assert run(["probe", name, "--lang", "en"]) == Exit.DIFFERENCE
    assert capsys.readouterr().out.startswith(f"{name}: down (")


def test_programs_are_told_the_same_and_what_the_watch_was_answered(
    port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"tcp:csizs/csizs.example:{port}"
    known = {name: Exchanges((_BEFORE,), (_BEFORE,))}
    with linked(tmp_path, picture(tmp_path), exchanges=known):
        assert run(["probe", name, "--json"]) == Exit.DIFFERENCE
        found = json.loads(capsys.readouterr().out)
        assert run(["probe", name, "--lang", "en"]) == Exit.DIFFERENCE
    assert (found["probe"], found["kind"], found["state"]) == (name, "tcp", "down")
    assert [each["problem"] for each in found["failures"]] == ["no answer"]
    assert "connect: nothing (no answer)" in capsys.readouterr().out


def test_without_a_name_all_are_listed_with_what_they_found_last(
    port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with linked(tmp_path, picture(tmp_path)):
        assert run(["probe", "--lang", "en"]) == Exit.DIFFERENCE
        lines = capsys.readouterr().out.splitlines()
        assert run(["probe", "--json"]) == Exit.DIFFERENCE
    found = json.loads(capsys.readouterr().out)
    assert [line.split()[0] for line in lines][-len(found["probes"]) :] == [each["name"] for each in found["probes"]]
    assert [line.split()[1:] for line in lines if line.endswith("ago)")] == [["up", "told", "(7", "s", "ago)"]]
    assert len(lines) == len(found["probes"]) + len(found["tunnels"])


def test_a_probe_there_is_not_is_bad_input(port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "tcp:nobody"]) == Exit.BAD_INPUT
    assert f"tcp:csizs/csizs.example:{port}" in capsys.readouterr().err
