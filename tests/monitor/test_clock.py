"""Somebody sets the clock while the office is watched: what is read by people jumps, and no state with it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from inventory.load import load
from monitor.ageing import aged
from monitor.expected import expected, unwatched
from monitor.exporter import exposition
from monitor.judge import Moment, Readings, events, judge
from monitor.readings import Carrier, GatewayReading
from monitor.results import Event, ProbeReading, Reason, State, Watched
from tests.monitor.moments import sa
from tests.monitor.standing import as_written

_BEGAN = dt.datetime(2027, 3, 28, 0, 59, tzinfo=dt.UTC)
_OFFICE = load(Path(__file__).parents[2] / "inventory/examples/pila").require()
_EXPECTED = expected(_OFFICE)


def _read_at(now: float, *, answered: bool = True) -> Readings:
    """Everything well, read a moment before; or every probe lost."""
    gateways = {
        device.name: GatewayReading(
            device.name,
            **dict.fromkeys(("reason", "sas_reason", "links_reason"), Reason.PROVEN),  # type: ignore[arg-type]
            **dict.fromkeys(("heard_at", "sas_at", "links_at"), now - 0.5),  # type: ignore[arg-type]
            sas={each.name: as_written(each, device.name, sa()) for each in _OFFICE.tunnels_of(device.name)},
            links={port.name: Carrier.UP for port in device.ports},
        )
        for device in _OFFICE.gateways
    }
    return Readings(
        gateways, {one.name: _probe(one.name, answered=answered) for one in _EXPECTED.tunnels if one.target}
    )


def _probe(name: str, *, answered: bool) -> ProbeReading:
    return ProbeReading(
        name=name,
        target="10.64.16.1",
        state=State.UP if answered else State.DOWN,
        reason=Reason.PROVEN if answered else Reason.NO_ANSWER,
        window_s=30,
        sent=300,
        lost=0,
        rtt_s=0.001,
        jitter_s=0.0001,
        answer_age_s=0.1 if answered else 1.0,
    )


def _course(jump: dt.timedelta) -> Iterator[tuple[Watched, tuple[Event, ...]]]:
    """Ten seconds of watching; the clock is set in the middle, and a second later all probes are lost."""
    before = unwatched(_OFFICE, _BEGAN)
    for second in range(10):
        clock = _BEGAN + dt.timedelta(seconds=second) + (jump if second >= 5 else dt.timedelta())
        moment = Moment(5000.0 + second, clock)
        after = judge(_EXPECTED, _read_at(moment.monotonic, answered=second < 6), moment, before)
        yield after, events(before, after)
        before = after


@pytest.mark.parametrize("jump", [dt.timedelta(days=-400), dt.timedelta(hours=-1), dt.timedelta(days=4000)])
def test_a_clock_that_is_set_changes_no_state_and_hides_none(jump: dt.timedelta) -> None:
    first, *steady, at_the_jump, at_the_cut, _later, _last, _end = [told for _picture, told in _course(jump)]
    assert {event.after for event in first} == {State.UP}
    assert not any(steady)
    assert not at_the_jump
    probed = {f"tunnel:{one.name}" for one in _EXPECTED.tunnels if one.target}
    assert {event.subject for event in at_the_cut} == probed
    assert {event.at for event in at_the_cut} == {_BEGAN + jump + dt.timedelta(seconds=6)}


def _without_instants(watched: Watched) -> object:
    return watched.model_dump(
        mode="json", exclude={"at": True, **{kind: {"__all__": {"since"}} for kind in ("tunnels", "links", "devices")}}
    )


@pytest.mark.parametrize("jump", [dt.timedelta(days=-400), dt.timedelta(days=4000)])
def test_ages_and_metrics_do_not_follow_the_clock(jump: dt.timedelta) -> None:
    for (jumped, _told), (straight, _same) in zip(_course(jump), _course(dt.timedelta()), strict=True):
        assert _without_instants(jumped) == _without_instants(straight)
        assert _without_instants(aged(jumped, 1.5)) == _without_instants(aged(straight, 1.5))
        shown = [exposition(one, 0.5, None, version="1", store_up=True) for one in (jumped, straight)]
        assert shown[0] == shown[1]
