"""Whether the platform is asked every day, as gateways tell it: read over SSH, and never guessed."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.load import load
from inventory.model import Calendar, DailyDuty, Login
from monitor.duty import AGE
from monitor.noting import seen_to_ask
from monitor.probes import duty
from monitor.probes.base import Outcome, Pace
from monitor.results import State
from tests.monitor.gates import SECRETS, gate
from tests.monitor.probes.listeners import LOOPBACK, asked

PILA = Path(__file__).parents[3] / "inventory" / "examples" / "pila"
SYSTEM, PLATFORM = "10.64.2.10", "192.0.2.80"
# Every day is a working day here but the weekend: what is due does not matter to what is read.
CALENDAR = Calendar()


def _told(*asked: tuple[str, str, int], since: int | None = None) -> bytes:
    entries = [{"from": one, "to": to, "age_s": age} for one, to, age in asked]
    return json.dumps({"ok": True, "asked": entries, "since_s": since}).encode()


def _target(*logins: Login | None) -> duty.Asked:
    return duty.Asked(
        name="csizs",
        subject="channel:csizs",
        where="gw",
        pace=Pace(60, 10),
        duty=DailyDuty(),
        calendar=CALENDAR,
        gateways=tuple((f"gw-{n}", login) for n, login in enumerate(logins)),
        systems=frozenset({SYSTEM}),
        platform=frozenset({PLATFORM}),
    )


def _asked_of_a_gate(answer: bytes, code: int = 0, *, other: bool = False) -> Outcome:
    """What comes of asking a gate that answers this; `other`: beside it there is a gateway nobody can reach."""

    async def ask() -> Outcome:
        async with gate("asked", answer, code) as login:
            return await seen_to_ask(_target(login, None) if other else _target(login), SECRETS)

    return asyncio.run(ask())


def test_a_platform_that_answered_a_moment_ago_was_asked() -> None:
    outcome = _asked_of_a_gate(_told((SYSTEM, PLATFORM, 5), since=100))
    assert outcome.state is State.UP, str(outcome.cause)
    [age] = outcome.measured
    assert age.name == AGE
    assert 5 <= age.value < 60


@pytest.mark.parametrize("asked", [(), (("10.64.0.10", PLATFORM, 5),), ((SYSTEM, "192.0.2.81", 5),)])
def test_what_others_asked_and_what_others_were_asked_does_not_count(asked: tuple[tuple[str, str, int], ...]) -> None:
    outcome = _asked_of_a_gate(_told(*asked))
    assert outcome.state is State.DOWN, str(outcome.cause)
    assert not outcome.measured


def test_a_gateway_that_has_just_begun_to_take_note_knows_nothing() -> None:
    assert _asked_of_a_gate(_told(since=10)).state is State.UNKNOWN


def test_a_gateway_that_cannot_be_read_makes_unknown_what_another_one_has_not_seen() -> None:
    assert _asked_of_a_gate(_told(), other=True).state is State.UNKNOWN
    assert _asked_of_a_gate(_told((SYSTEM, PLATFORM, 5)), other=True).state is State.UP


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (b"", 77, "does not know this question"),
        (b'{"ok": false, "code": "not_noted", "text": "no", "where": ""}', 1, "takes no note"),
        (b"what?", 0, "takes no note"),
        (b"[" * 100_000, 0, "takes no note"),
        (b" " * 400_000, 0, "tells more than it may"),
        (_told(("a", "b", -1)), 0, "takes no note"),
    ],
)
def test_a_gate_that_says_something_else_is_unknown_with_the_reason(answer: bytes, code: int, said: str) -> None:
    outcome = _asked_of_a_gate(answer, code)
    assert outcome.state is State.UNKNOWN
    assert said in str(outcome.cause)


def test_a_gateway_without_access_or_key_is_unknown_with_the_reason() -> None:
    assert "how to reach gw-0" in str(asyncio.run(seen_to_ask(_target(None), {})).cause)
    login = Login(address=LOOPBACK, user="fosa-read", key="file:secrets/read")
    assert "the key of gw-0" in str(asyncio.run(seen_to_ask(_target(login), {})).cause)
    outcome = asyncio.run(seen_to_ask(_target(login), SECRETS))
    assert outcome.state is State.UNKNOWN
    assert "host key" in str(outcome.cause)


def test_a_process_without_a_way_to_gateways_does_not_know() -> None:
    assert asked(duty.PROBE, _target(None)).state is State.UNKNOWN


def test_the_example_office_is_asked_of_the_gateway_before_its_domain_systems() -> None:
    [target] = duty.PROBE.targets(load(PILA, dt.date(2026, 11, 23)).require())
    assert target.name == "csizs"
    assert [name for name, _login in target.gateways] == ["gw-k", "gw-k2"]
    assert target.systems == {SYSTEM}
    assert target.platform == {PLATFORM}


@given(st.binary(max_size=200) | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(
    lambda value: json.dumps({"ok": True, "asked": value, "since_s": value}).encode()
))  # fmt: skip
def test_whatever_a_gate_says_is_an_answer_or_none(text: bytes) -> None:
    found = duty.parse_asked(text)
    assert found is None or all(age >= 0 for _one, _to, age in found.asked)
