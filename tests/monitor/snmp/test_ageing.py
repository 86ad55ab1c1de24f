"""Polls that no later poll has renewed."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from inventory.sentence import say
from monitor.results import State
from monitor.snmp.ageing import Polls, still
from monitor.snmp.model import Figures, Polled

_BEGAN = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)
_DEVICES = ("sw-a", "sw-b", "ups")


def _polled(device: str, at_s: float, fresh_s: float, state: State = State.UP) -> Polled:
    at = _BEGAN + dt.timedelta(seconds=at_s)
    return Polled(
        device=device, state=state, cause=say("said"), since=_BEGAN, at=at, fresh_s=fresh_s, figures=Figures()
    )


_Step = tuple[str, float, float, State, float]
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(_DEVICES),
        st.floats(0, 60),
        st.sampled_from([10.0, 30.0]),
        st.sampled_from(list(State)),
        st.floats(0, 40),
    ),
    max_size=12,
)


@given(_STEPS)
def test_what_is_kept_is_what_each_poll_is_by_itself(steps: list[_Step]) -> None:
    polls, newest, now_s = Polls(), dict[str, Polled](), 0.0
    for device, passes_s, fresh_s, state, silent_s in steps:
        now_s += passes_s
        newest[device] = one = _polled(device, now_s - 5, fresh_s, state)
        polls.put(one)
        now = _BEGAN + dt.timedelta(seconds=now_s + 6)
        for silent in (0.0, silent_s, 0.0):
            assert polls.at(now, silent) == {name: still(each, now, silent) for name, each in newest.items()}


def test_a_picture_that_was_taken_stays_as_it_was() -> None:
    polls = Polls([_polled("sw-a", 0, 10)])
    taken = polls.at(_BEGAN)
    polls.put(_polled("sw-a", 5, 10, State.DOWN))
    assert taken["sw-a"].state is State.UP
    assert polls.at(_BEGAN)["sw-a"].state is State.DOWN


def test_nothing_is_copied_while_nothing_changes() -> None:
    polls = Polls([_polled(name, 0, 10) for name in _DEVICES])
    assert polls.at(_BEGAN) is polls.at(_BEGAN + dt.timedelta(seconds=9))
    late = _BEGAN + dt.timedelta(days=1)
    assert {each.state for each in polls.at(late).values()} == {State.UNKNOWN}
    assert polls.at(late) is polls.at(late + dt.timedelta(days=1))
