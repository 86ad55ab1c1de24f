"""Clocks: what they answer, what is believed of it, and whether they agree."""

from __future__ import annotations

import asyncio
import getpass
import struct
import subprocess
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.load import load
from monitor.errors import Flaw
from monitor.probes import ntp, sntp
from monitor.probes.base import Outcome, Pace
from monitor.results import State
from tests.monitor.probes.listeners import LOOPBACK, Answers, answered, asked, telling
from tests.slots import free_port

PILA = Path(__file__).parents[3] / "inventory" / "examples" / "pila"


def clock(port: int, title: str = "gw-x") -> ntp.Clock:
    return ntp.Clock(
        name=title, subject="device:x", where="it", pace=Pace(60, 5), address=LOOPBACK, title=title, port=port
    )


def answer(question: bytes, ahead_s: float = 0.0, **changed: int) -> bytes:
    """A sound answer of a clock that is ahead by so much, or one with something changed."""
    at = (sntp.now() + int(ahead_s * 2**32)) % 2**64
    said = {"first": 0 << 6 | 4 << 3 | 4, "stratum": 2, "delay": 0, "dispersion": 655, "reference": 0}
    said |= {"origin": int.from_bytes(question[40:48], "big"), "received": at, "sent": at} | changed
    return struct.pack(
        ">BBbbIIIQQQQ",
        *(said["first"], said["stratum"], 6, -20, said["delay"], said["dispersion"], said["reference"], at),
        *(said["origin"], said["received"], said["sent"]),
    )


def _ahead(seconds: Sequence[float]) -> Answers:
    return lambda question: [answer(question, each) for each in seconds]


def asked_of(*answers: Sequence[float]) -> Outcome:
    """One clock that answers each question with datagrams ahead by these seconds; several are compared."""

    async def ask() -> Outcome:
        async with AsyncExitStack() as stack:
            ports = [await stack.enter_async_context(telling(_ahead(seconds))) for seconds in answers]
            clocks = tuple(clock(port, f"clock-{n}") for n, port in enumerate(ports))
            if len(clocks) == 1:
                return await answered(ntp.PROBE, clocks[0])
            across = ntp.Clocks(name="office", subject="office:x", where="all", pace=Pace(60, 5), clocks=clocks)
            return await answered(ntp.PROBE, across)

    return asyncio.run(ask())


def told(**changed: int) -> Outcome:
    async def ask() -> Outcome:
        async with telling(lambda question: [answer(question, **changed)]) as port:
            return await answered(ntp.PROBE, clock(port))

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("ahead", "state", "cause"),
    [
        (0.0, State.UP, "tells the time"),
        (-3.0, State.DEGRADED, "its clock and this machine's differ by 3 s"),
        (10.0, State.DOWN, "its clock and this machine's differ by 10 s"),
        (3e9, State.DOWN, None),
    ],
)
def test_a_clock_is_held_against_this_machines(ahead: float, state: State, cause: str | None) -> None:
    outcome = asked_of([ahead])
    assert outcome.state is state
    assert cause is None or str(outcome.cause) == cause
    measured = {one.name: one.value for one in outcome.measured}
    assert abs(measured["stratum"] - 2) < 1
    assert ahead > 2**31 or abs(measured["offset_seconds"] - ahead) < 0.4


@pytest.mark.parametrize(
    ("changed", "state", "cause"),
    [
        ({"first": 3 << 6 | 4 << 3 | 4}, State.DEGRADED, "says itself that its clock is not set"),
        ({"stratum": 16}, State.DEGRADED, "says itself that its clock is not set"),
        ({"stratum": 0, "reference": 0x52415445}, State.DOWN, "does not want to be asked: RATE"),
        ({"stratum": 0, "reference": 0x1BFF0A00}, State.DOWN, "does not want to be asked: ·�·"),
        ({"dispersion": 2**17}, State.DEGRADED, "is wrong by more than a second, by its own account"),
        ({"sent": 0}, State.DEGRADED, "answers with times that cannot be"),
        ({"received": 0}, State.DEGRADED, "answers with times that cannot be"),
    ],
)
def test_a_clock_that_says_it_is_none_is_not_gone_by(changed: dict[str, int], state: State, cause: str) -> None:
    outcome = told(**changed)
    assert (outcome.state, str(outcome.cause), outcome.measured) == (state, cause, ())


def test_an_answer_to_another_question_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ntp, "_PATIENCE_S", 0.3)
    outcome = told(origin=1)
    assert (outcome.state, str(outcome.cause)) == (
        State.DOWN,
        "what came from there is no answer to the question; datagrams: 1",
    )


def test_a_flood_of_wrong_answers_ends_the_waiting() -> None:
    async def ask() -> Outcome:
        async with telling(lambda _question: [b"\x24" * 48] * 100) as port:
            return await answered(ntp.PROBE, clock(port))

    assert "datagrams: 64" in str(asyncio.run(ask()).cause)


def test_the_right_answer_is_found_among_wrong_ones() -> None:
    async def ask() -> Outcome:
        async with telling(lambda q: [b"", b"x" * 2000, answer(q, origin=7), answer(q)]) as port:
            return await answered(ntp.PROBE, clock(port))

    assert asyncio.run(ask()).state is State.UP


def test_nobody_there_is_an_error_of_the_network() -> None:
    with pytest.raises(ConnectionRefusedError):
        asked(ntp.PROBE, clock(free_port()))


@pytest.mark.parametrize(
    ("ahead", "state", "cause"),
    [
        ((0.0, 0.1, -0.1), State.UP, "the clocks agree"),
        ((0.0, 4.0, 0.2), State.DEGRADED, "clock-0 and clock-1 differ by 4 s"),
        ((10.0, 10.1), State.DOWN, "this machine's clock is off by 10 s: the others agree"),
        ((-2.0, -2.1), State.DEGRADED, "this machine's clock is off by 2 s: the others agree"),
    ],
)
def test_clocks_are_held_against_each_other(ahead: Sequence[float], state: State, cause: str) -> None:
    outcome = asked_of(*([each] for each in ahead))
    assert (outcome.state, str(outcome.cause)) == (state, cause)


def test_one_clock_alone_proves_nothing() -> None:
    assert asked_of([0.0], [0.0]).state is State.UP
    across = ntp.Clocks(
        name="office",
        subject="office:x",
        where="all",
        pace=Pace(60, 5),
        clocks=(clock(free_port()), clock(free_port())),
    )
    assert asked(ntp.PROBE, across).state is State.UNKNOWN


def test_only_clocks_are_asked_that_a_flow_leads_to() -> None:
    targets = list(ntp.PROBE.targets(load(PILA).require()))
    assert [target.name for target in targets] == ["gw-k", "gw-b", "gw-c", "gw-k2", "office"]


@given(st.binary(max_size=100), st.integers(0, 2**64 - 1))
def test_whatever_comes_is_an_answer_or_told_apart(data: bytes, nonce: int) -> None:
    found = sntp.parse(data, nonce)
    assert isinstance(found, Flaw) or data[24:32] == nonce.to_bytes(8, "big")


@given(st.binary(min_size=48, max_size=48), st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_whatever_an_answer_says_can_be_reckoned_with(data: bytes, asked: int, answered: int) -> None:
    found = sntp.parse(bytes([0x24]) + data[1:], int.from_bytes(data[24:32], "big"))
    assert isinstance(found, sntp.Answer)
    assert abs(found.offset_s(asked, answered)) <= 2**31
    assert isinstance(found.delay_s(asked, answered), float)
    assert found.kiss.isprintable() or found.kiss


def test_timestamps_are_told_apart_over_the_end_of_their_era() -> None:
    before, after = 2**64 - 2**32, 2**31
    said = sntp.Answer(0, 1, b"", 0.0, 0.0, received=after, sent=after)
    assert said.offset_s(before, before) == 1.5


def test_chronyd_is_asked(state: Path, tmp_path: Path) -> None:
    """A real one; it has no source, and says so until told to go by its own clock."""
    port = free_port()
    (tmp_path / "chrony.conf").write_text(
        f"port {port}\nbindaddress 127.0.0.1\nallow 127.0.0.1\nlocal stratum 8\ncmdport 0\n"
        f"bindcmdaddress {tmp_path}/sock\npidfile {tmp_path}/pid\n"
    )
    tmp_path.chmod(0o700)
    command = [
        str(state / "daemons/sbin/chronyd"),
        "-d",
        "-x",
        "-U",
        "-u",
        getpass.getuser(),
        "-f",
        str(tmp_path / "chrony.conf"),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as daemon:
        try:
            outcome = _patiently(port)
        finally:
            daemon.terminate()
    assert (outcome.state, str(outcome.cause)) == (State.UP, "tells the time")
    assert {one.name: one.value for one in outcome.measured}["stratum"] == 8


def _patiently(port: int) -> Outcome:
    for _ in range(200):
        try:
            outcome = asked(ntp.PROBE, clock(port))
        except ConnectionRefusedError:
            time.sleep(0.05)
            continue
        if outcome.state is State.UP:
            return outcome
        time.sleep(0.05)
    raise AssertionError("chronyd does not answer")
