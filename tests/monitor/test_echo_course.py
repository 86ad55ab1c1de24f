"""A probe's course: lost, answered, late, and the sums of its window."""

import datetime as dt

import pytest

from monitor.echo.course import INTERVAL_S, REST, WINDOW_S, Course, Outcome, Probe
from monitor.results import Reason, State

_AT = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
_LETTERS = {"a": Outcome.ANSWERED, "l": Outcome.LOST, "u": Outcome.UNSENT}


def _course(outcomes: str) -> tuple[Course, list[bool]]:
    course = Course("k-b", "10.64.16.1")
    return course, [course.add(_probe(number, outcome)) for number, outcome in enumerate(outcomes)]


def _probe(number: int, letter: str) -> Probe:
    answered = letter == "a"
    return Probe(
        at=number * INTERVAL_S,
        clock_ns=round(1e9 * (_AT.timestamp() + number * INTERVAL_S)),
        sent=f"probe {number}",
        outcome=_LETTERS[letter],
        received=f"answer {number}" if answered else "",
        rtt_s=0.001 * (1 + number % 2) if answered else None,
        problem="" if answered else "nothing came",
    )


@pytest.mark.parametrize(
    ("outcomes", "state", "reason"),
    [
        ("", State.UNKNOWN, Reason.NOT_READ_YET),
        ("a", State.UP, Reason.PROVEN),
        ("ll", State.UNKNOWN, Reason.NOT_READ_YET),
        ("lll", State.DOWN, Reason.NO_ANSWER),
        ("aall", State.UP, Reason.PROVEN),
        ("aalll", State.DOWN, Reason.NO_ANSWER),
        ("alalalal", State.UP, Reason.PROVEN),
        ("alalalalallal", State.DEGRADED, Reason.LOSSY),
        ("alalalallallla", State.DEGRADED, Reason.LOSSY),
        ("alalalalallal" + "a" * 98, State.UP, Reason.PROVEN),
        ("alalalalallal" + "l" * 20, State.DOWN, Reason.NO_ANSWER),
        ("llla", State.DOWN, Reason.NO_ANSWER),
        ("lllaala", State.DOWN, Reason.NO_ANSWER),
        ("lllaaa", State.UP, Reason.PROVEN),
        ("auu", State.UP, Reason.PROVEN),
        ("auuu", State.UNKNOWN, Reason.UNREACHABLE),
        ("auuua", State.UP, Reason.PROVEN),
        ("auuulll", State.DOWN, Reason.NO_ANSWER),
    ],
)
def test_three_of_a_kind_turn_a_state(outcomes: str, state: State, reason: Reason) -> None:
    course, changes = _course(outcomes)
    assert (course.state, course.reason) == (state, reason)
    turned = [changed for changed in changes if changed]
    assert bool(turned) is (state is not State.UNKNOWN or reason is not Reason.NOT_READ_YET)


def test_the_window_is_summed_up() -> None:
    course, _changes = _course("aaaalua")
    reading = course.reading(1.0)
    assert (reading.sent, reading.lost) == (6, 1), "what was never sent was not lost"
    assert reading.rtt_s == pytest.approx(0.001)
    assert reading.jitter_s == pytest.approx(0.001)
    assert reading.answer_age_s == pytest.approx(1.0 - 0.6 - 0.001)
    assert reading.window_s == pytest.approx(1.0)


def test_what_is_older_than_the_window_is_forgotten() -> None:
    course, _changes = _course("l" * 50 + "a" * 300)
    reading = course.reading(350 * INTERVAL_S)
    assert (reading.sent, reading.lost) == (300, 0)
    assert course.reading(350 * INTERVAL_S + WINDOW_S).sent == 0


def test_the_last_and_the_last_failures_are_kept_newest_first() -> None:
    course, _changes = _course("lll" + "a" * 40)
    last, failures = course.exchanges()
    assert [exchange.sent for exchange in last] == [f"probe {number}" for number in range(42, 22, -1)]
    assert [exchange.problem for exchange in failures] == ["nothing came"] * 3
    assert failures[0].at == _AT + dt.timedelta(seconds=0.2)


def test_where_nothing_answers_for_long_probes_come_more_slowly_until_something_does() -> None:
    course, _changes = _course("a" + "l" * 299)
    assert all(course.due(beat) for beat in range(10))
    course.add(_probe(300, "l"))
    assert [beat for beat in range(11) if course.due(beat)] == [0, REST, 2 * REST]
    course.add(_probe(301, "a"))
    assert all(course.due(beat) for beat in range(10))


def test_before_the_first_probe_there_is_nothing_to_sum_up() -> None:
    reading = Course("k-b", "10.64.16.1").reading(5.0)
    assert (reading.sent, reading.rtt_s, reading.jitter_s, reading.answer_age_s) == (0, None, None, None)
