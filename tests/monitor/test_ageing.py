"""A picture grows old: ages go on, and what nobody vouches for any more is unknown."""

import datetime as dt

import pytest

from monitor.ageing import aged
from monitor.readings import FRESH_S
from monitor.results import Reason, State, Watched
from tests.api.readings import watched


def _states(seen: Watched) -> set[State]:
    ends = {end.state for tunnel in seen.tunnels for end in tunnel.ends}
    rows = {
        *(row.state for row in seen.tunnels),
        *(row.state for row in seen.links),
        *(row.state for row in seen.devices),
    }
    return ends | rows | {tunnel.probe.state for tunnel in seen.tunnels if tunnel.probe}


def test_a_picture_just_heard_is_as_it_was() -> None:
    assert aged(watched(), 0.0) == watched()
    assert aged(watched(), -1.0) == watched(), "a clock that went back makes nothing younger"


def test_ages_grow_with_the_silence() -> None:
    before, after = watched(), aged(watched(), 0.25)
    assert _states(after) == _states(before)
    ages = [
        (a.age_s or 0) - (b.age_s or 0)
        for a, b in zip(after.devices, before.devices, strict=True)
        if b.age_s is not None
    ]
    assert ages == pytest.approx([0.25] * len(ages))
    assert ages


def test_after_the_limit_nothing_is_known_any_more() -> None:
    after = aged(watched(), FRESH_S + 0.1)
    assert _states(after) == {State.UNKNOWN}
    reasons = {tunnel.reason for tunnel in after.tunnels}
    assert reasons <= {Reason.STALE, Reason.NOT_READ_YET}
    assert after.tunnels[0].since == watched().at + dt.timedelta(seconds=FRESH_S)


def test_an_old_reading_turns_stale_before_a_young_one() -> None:
    seen = watched()
    old, *young = seen.devices
    assert young
    odd = seen.model_copy(update={"devices": (old.model_copy(update={"age_s": FRESH_S - 0.5}), *young)})
    states = [device.state for device in aged(odd, 1.0).devices]
    assert states[0] is State.UNKNOWN
    assert states[1] is young[0].state


def test_what_was_unknown_before_keeps_its_own_reason_and_beginning() -> None:
    seen = watched()
    device = seen.devices[0].model_copy(update={"state": State.UNKNOWN, "reason": Reason.REFUSED})
    after = aged(seen.model_copy(update={"devices": (device,)}), 60).devices[0]
    assert (after.reason, after.since) == (Reason.REFUSED, device.since)
