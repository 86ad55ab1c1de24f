"""What a probe's outcomes make of its state, and when it is asked again."""

from __future__ import annotations

import datetime as dt

import pytest

from inventory.sentence import say
from monitor.ageing import while_fresh
from monitor.probes.base import Outcome, Pace, Target, heard
from monitor.probes.standing import Standing
from monitor.results import ProbeKind, State

AT = dt.datetime(2027, 3, 1, 9, 0, tzinfo=dt.UTC)


def standing(pace: Pace) -> Standing:
    target = Target(name="csizs/ws.example.gov:443", subject="channel:csizs", where="203.0.113.5 port 443", pace=pace)
    return Standing(ProbeKind.TCP, target, AT)


def outcome(state: State, cause: str = "it is so") -> Outcome:
    return Outcome(state=state, cause=say(cause), sent="a question", received="an answer", seconds=0.1)


def took(course: Standing, *states: State) -> list[State]:
    found = []
    for n, state in enumerate(states):
        course.take(outcome(state), n * 10.0, AT + dt.timedelta(seconds=10 * n))
        found.append(course.result(n * 10.0).state)
    return found


def test_before_the_first_answer_nothing_is_known() -> None:
    result = standing(Pace(60, 5)).result(0.0)
    assert (result.state, result.age_s, str(result.cause)) == (State.UNKNOWN, None, "not asked yet")


def test_the_first_outcome_is_believed_and_the_state_says_since_when() -> None:
    course = standing(Pace(60, 5, turn=3))
    assert course.take(outcome(State.DOWN), 1.0, AT + dt.timedelta(seconds=1))
    assert course.result(2.0).since == AT + dt.timedelta(seconds=1)


def test_a_turn_to_the_worse_must_be_seen_often_enough_and_one_to_the_better_once() -> None:
    up, down = State.UP, State.DOWN
    assert took(standing(Pace(60, 5, turn=3)), up, down, down, up, down, down, down, up) == [
        up, up, up, up, up, up, down, up,
    ]  # fmt: skip


def test_that_nothing_could_be_asked_is_said_at_once() -> None:
    assert took(standing(Pace(60, 5, turn=3)), State.UP, State.UNKNOWN) == [State.UP, State.UNKNOWN]


def test_another_cause_of_the_same_state_is_news() -> None:
    course = standing(Pace(60, 5))
    course.take(outcome(State.DEGRADED, "slow"), 0.0, AT)
    assert course.take(outcome(State.DEGRADED, "old"), 1.0, AT)
    assert not course.take(outcome(State.DEGRADED, "old"), 2.0, AT)
    assert course.result(2.0).since == AT


@pytest.mark.parametrize(("own", "waits"), [(True, [60, 60, 60]), (False, [120, 240, 480])])
def test_somebody_elses_host_that_is_down_is_asked_less_and_less(own: bool, waits: list[float]) -> None:
    course = standing(Pace(60, 5, own=own))
    found = []
    for n in range(3):
        course.take(outcome(State.DOWN), float(n), AT)
        found.append(course.wait_s())
    assert found == waits
    for n in range(30):
        course.take(outcome(State.DOWN), float(n), AT)
    assert course.wait_s() <= 3600
    course.take(outcome(State.UP), 99.0, AT)
    assert course.wait_s() == 60


def test_a_failure_that_is_not_believed_yet_is_looked_at_again_as_soon_as_ever() -> None:
    course = standing(Pace(60, 5, own=False, turn=3))
    waits = []
    for state in (State.UP, State.DOWN, State.DOWN, State.DOWN, State.DOWN):
        course.take(outcome(state), 0.0, AT)
        waits.append(course.wait_s())
    assert waits == [60, 60, 60, 120, 240]


def test_what_is_asked_seldom_is_looked_at_again_soon_until_it_is_believed() -> None:
    course = standing(Pace(3600, 5, own=False, turn=2))
    waits = []
    for state in (State.UP, State.DEGRADED, State.DEGRADED, State.DOWN, State.DOWN, State.UP):
        course.take(outcome(state), 0.0, AT)
        waits.append(course.wait_s())
    assert waits == [3600, 300, 3600, 300, 3600, 3600]


def test_an_answer_too_old_proves_nothing() -> None:
    course = standing(Pace(60, 5))
    course.take(outcome(State.UP), 0.0, AT)
    fresh = while_fresh(course.result(150.0))
    assert (fresh.state, fresh.age_s) == (State.UP, 150.0)
    stale = while_fresh(course.result(150.0), 10.0)
    assert (stale.state, str(stale.cause)) == (State.UNKNOWN, "the last answer is too old")


def test_exchanges_are_kept_newest_first_and_failures_apart() -> None:
    course = standing(Pace(60, 5))
    took(course, *([State.UP] * 25), State.DOWN)
    last, failed = course.exchanges()
    assert len(last) == 20
    assert [exchange.problem for exchange in failed] == ["it is so"]
    assert last[0] == failed[0]


def test_what_a_stranger_says_is_one_short_printable_line() -> None:
    assert heard("a\x1b[31mb\nc") == "a·[31mb·c"
    assert len(heard("x" * 10_000)) == 200
