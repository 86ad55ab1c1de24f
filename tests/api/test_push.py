"""The direct push, on devices in memory: what it says, what its exit code says, and what Ctrl-C does."""

import datetime as dt
import json
import os
import signal
from contextlib import ExitStack
from pathlib import Path

import pytest

from api.cli.exits import Exit
from api.cli.output import Output
from api.cli.push import Wish, run
from api.cli.targets import Targets
from inventory import words
from inventory.load import load
from playbooks.drivers.base import Failure, FailureKind, Sections
from playbooks.drivers.memory import MemoryDriver
from playbooks.outlook import Outlook, Sight
from playbooks.reach import Target
from templates.render import render
from tests.playbooks.listening import HOME, listening, secured

TODAY = dt.date(2026, 11, 22)


def targets() -> tuple[Targets, dict[str, MemoryDriver]]:
    office = load(Path("inventory/examples/pila"), TODAY).require()
    drivers = {device.name: MemoryDriver() for device in office.managed}
    by_name = {d.name: Target(d.name, drivers[d.name], render(office, d, TODAY)) for d in office.managed}
    return Targets(office, office.managed, by_name), drivers


def pushed(chosen: Targets, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict[str, str]]]:
    """The exit code and the outcomes."""
    code = run(chosen, Output(as_json=True), Wish(yes=True, summary=True))
    return code, json.loads(capsys.readouterr().out)["outcomes"]


def test_a_failure_ends_the_push_and_leaves_what_was_confirmed(capsys: pytest.CaptureFixture[str]) -> None:
    chosen, drivers = targets()
    drivers["gw-b"].faults = {"commit": Failure(FailureKind.NO_SPACE, "full")}
    code, outcomes = pushed(chosen, capsys)
    assert code == Exit.FAILED
    assert {name: outcome["outcome"] for name, outcome in outcomes.items()} == {
        "gw-c": "changed",
        **dict.fromkeys(("sw-b-3", "sw-b-2", "sw-b-1"), "changed"),
        "gw-b": "failed",
        **dict.fromkeys((device.name for device in chosen.office.switches if device.building != "b"), "not_begun"),
        **dict.fromkeys(("gw-k2", "gw-k"), "not_begun"),
    }
    assert outcomes["gw-b"] == {
        "outcome": "failed",
        "reason": "no room on the device: full",
        "restored": "untouched",
    }


def test_ctrl_c_takes_back_what_is_not_confirmed(capsys: pytest.CaptureFixture[str]) -> None:
    chosen, drivers = targets()
    second = drivers["gw-b"]

    def press(_sections: Sections) -> bool:
        if second.calls[-1] == "status":
            os.kill(os.getpid(), signal.SIGINT)
        return True

    second.reachable = press
    before = signal.getsignal(signal.SIGINT)
    code, outcomes = pushed(chosen, capsys)
    assert signal.getsignal(signal.SIGINT) is before
    assert code == Exit.INTERRUPTED
    assert outcomes["gw-b"] == {"outcome": "interrupted", "restored": "yes"}
    assert second.running == {}
    assert (outcomes["gw-c"]["outcome"], outcomes["gw-k"]["outcome"]) == ("changed", "not_begun")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "gw-k         failed: could be reached before, and cannot be now: {} (it runs as before)"),
        ("pl", "gw-k         nie udało się: przedtem osiągalne, teraz nie: {} (działa jak przedtem)"),
    ],
)
def test_tells_which_platform_cannot_be_spoken_to_any_more(
    language: words.Language, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words.use(language)
    chosen, drivers = targets()
    name = "TLS ws.mpips.gov.pl:443 (192.0.2.80)"
    with ExitStack() as platform:
        port = platform.enter_context(listening(secured(tmp_path)))

        def shut_out(sections: Sections) -> bool:
            if sections:
                platform.close()
            return True

        drivers["gw-k"].reachable, drivers["gw-k"].clock = shut_out, float
        wish = Wish(2, {"gw-k": Outlook((Sight(name, HOME, port, tls=True),))}, yes=True, summary=True)
        assert run(chosen, Output(as_json=False), wish) == Exit.FAILED
    assert said.format(name) in capsys.readouterr().out.splitlines()
    assert drivers["gw-k"].running == {}
