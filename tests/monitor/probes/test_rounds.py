"""Probes of an office as the inventory wants them, asked of real listeners."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from inventory.load import load
from inventory.sentence import say
from monitor.probes.base import Outcome, Pace, Secrets, Target
from monitor.probes.rounds import ExpectedProbe, Rounds, expected_probes
from monitor.probes.table import PROBES
from monitor.results import ProbeKind, ProbeResult, State

PILA = Path(__file__).parents[3] / "inventory" / "examples" / "pila"
TARGET = Target(name="x", subject="device:x", where="nowhere", pace=Pace(0.05, 0.5))


async def _fine(_secrets: Secrets) -> Outcome:
    return Outcome(state=State.UP, cause=say("fine"), sent="?")


async def _refused(_secrets: Secrets) -> Outcome:
    raise ConnectionRefusedError(111, "Connection refused")


async def _endless(_secrets: Secrets) -> Outcome:
    await asyncio.Event().wait()
    raise AssertionError


async def _broken(_secrets: Secrets) -> Outcome:
    raise ZeroDivisionError


def found(ask: object) -> ProbeResult:
    async def until_asked() -> ProbeResult:
        rounds = Rounds([ExpectedProbe(ProbeKind.TCP, TARGET, ask)], {}, lambda: None)  # type: ignore[arg-type]
        running = asyncio.create_task(rounds.run())
        try:
            async with asyncio.timeout(20):
                while (result := rounds.results()[0]).age_s is None:
                    await asyncio.sleep(0.01)
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert rounds.exchanges("tcp:x") is not None
        assert rounds.exchanges("tcp:y") is None
        return result

    return asyncio.run(until_asked())


@pytest.mark.parametrize(
    ("ask", "state", "cause"),
    [
        (_fine, State.UP, "fine"),
        (_refused, State.DOWN, "no answer: Connection refused"),
        (_endless, State.DOWN, "no answer within 0.5 s"),
    ],
)
def test_what_comes_of_asking(ask: object, state: State, cause: str) -> None:
    result = found(ask)
    assert (result.state, str(result.cause)) == (state, cause)


def test_a_fault_of_the_probe_is_no_news_of_the_target(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        result = found(_broken)
    assert (result.state, str(result.cause)) == (State.UNKNOWN, "the probe itself went wrong: ZeroDivisionError")
    assert "ZeroDivisionError" in caplog.text


def test_every_kind_of_probe_has_one_row() -> None:
    kinds = [probe.kind for probe in PROBES]
    assert len(set(kinds)) == len(kinds)


def test_names_of_the_examples_probes_are_told_apart() -> None:
    names = [probe.name for probe in expected_probes(load(PILA).require())]
    assert len(set(names)) == len(names)
