"""`fosa channel`: what a running watch knows of the ways to platforms, in a sentence and as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.cli import run
from api.cli.exits import Exit
from inventory.load import load
from inventory.sentence import say
from monitor.expected import unwatched
from monitor.results import Reason, State, Watched
from tests.api.linked import linked

PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"


def _picture(state: State) -> Watched:
    now = dt.datetime.now(dt.UTC)
    blank = unwatched(load(PILA).require(), now)
    told = {"state": state, "cause": say("told"), "age_s": 1.0}
    up = {"state": State.UP, "reason": Reason.PROVEN, "age_s": 0.0}
    return blank.model_copy(
        update={
            "probes": tuple(each.model_copy(update=told) for each in blank.probes),
            "links": tuple(each.model_copy(update=up) for each in blank.links),
            "devices": tuple(each.model_copy(update=up) for each in blank.devices),
        }
    )


@pytest.fixture
def told(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A watch that tells this picture, where the command looks for one."""
    monkeypatch.setenv("FOSA_STATE", str(tmp_path))
    monkeypatch.setenv("FOSA_INVENTORY", str(PILA))
    with linked(tmp_path, _picture(request.param)):
        yield


@pytest.mark.parametrize("told", [State.UP], indirect=True)
def test_one_channel_is_told_in_a_sentence_and_hop_by_hop(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channel", "csizs", "--lang", "en"]) == Exit.DONE
    first, *hops = capsys.readouterr().out.replace("\n  ", "\x00").split("\x00")
    assert " ".join(first.split()).startswith("csizs: secure, healthy, duty met; next: look for applications by ")
    assert any(line.startswith("application of the platform: up") for line in hops)


@pytest.mark.parametrize("told", [State.DOWN], indirect=True)
def test_what_fails_first_is_named_and_the_exit_code_says_that_something_is_wrong(
    told: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["channel", "csizs", "--json"]) == Exit.DIFFERENCE
    [channel] = json.loads(capsys.readouterr().out)["channels"]
    assert channel["failing"] == "dns"
    assert {each["aspect"]: each["state"] for each in channel["aspects"]} == {
        "secure": "down",
        "healthy": "down",
        "duty": "down",
    }


@pytest.mark.parametrize("told", [State.UP], indirect=True)
def test_channels_nothing_is_known_of_are_no_success(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channel", "--json"]) == Exit.DIFFERENCE
    channels = json.loads(capsys.readouterr().out)["channels"]
    assert [each["channel"] for each in channels] == ["csizs", "portal", "mzt", "csizs-ipsec"]
    assert {each["state"] for each in channels[2]["aspects"]} == {"unknown"}


@pytest.mark.parametrize("told", [State.UP], indirect=True)
def test_a_channel_there_is_not_is_bad_input(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["channel", "csiz"]) == Exit.BAD_INPUT
    assert "there are: csizs, portal" in " ".join(capsys.readouterr().err.split())
