"""Of two gateways exactly one works, and the other one could: every way in which that is not so has its own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.load import load
from monitor.errors import NonsenseError
from monitor.links import parse_line
from monitor.probes import pair
from monitor.probes.pair import judge_pair
from monitor.readings import Carrier, GatewayReading, Half
from monitor.results import State
from tests.monitor.moments import sa

_OFFICE = Path(__file__).parents[2] / "data/lab/pair"
_WELL = {"wan0": Carrier.UP, "wan1": Carrier.UP}


def _says(name: str, half: Half | None, **more: object) -> GatewayReading:
    return GatewayReading(name, half=half, **{"links": _WELL, **more})  # type: ignore[arg-type]


def _holds(name: str) -> GatewayReading:
    return _says(name, Half(holds=True, ready=True))


def _waits(name: str, **more: object) -> GatewayReading:
    return _says(name, Half(holds=False, ready=True), **more)


@pytest.mark.parametrize(
    ("told", "state", "cause"),
    [
        ((_holds("gw-k"), _waits("gw-k2")), State.UP, "gw-k works, gw-k2 stands by"),
        ((_waits("gw-k"), _holds("gw-k2")), State.UP, "gw-k2 works, gw-k stands by"),
        ((_holds("gw-k"), _holds("gw-k2")), State.DOWN, "gw-k and gw-k2 both hold the addresses they share"),
        ((_waits("gw-k"), _waits("gw-k2")), State.DOWN, "neither gw-k nor gw-k2 holds the addresses they share"),
        ((_holds("gw-k"),), State.DEGRADED, "gw-k2 does not stand by: nothing is heard of it"),
        ((_waits("gw-k2"),), State.UNKNOWN, "gw-k does not say whether it works"),
        ((), State.UNKNOWN, "gw-k, gw-k2 does not say whether it works"),
        (
            (_holds("gw-k"), _says("gw-k2", Half(holds=False, ready=False))),
            State.DEGRADED,
            "gw-k2 does not stand by: its keepalived does not run",
        ),
        (
            (_holds("gw-k"), _waits("gw-k2", links={"wan0": Carrier.UP, "wan1": Carrier.SILENT})),
            State.DEGRADED,
            "gw-k2 stands by without a line: k-second",
        ),
        (
            (_holds("gw-k"), _waits("gw-k2", sas={"k-b": sa()})),
            State.DEGRADED,
            "gw-k2 stands by and has security associations: k-b",
        ),
        # A gate that is older than the pair says nothing of it: then nobody knows.
        ((_says("gw-k", None), _says("gw-k2", None)), State.UNKNOWN, "gw-k, gw-k2 does not say whether it works"),
    ],
)
def test_what_two_say_of_themselves_is_judged(told: tuple[GatewayReading, ...], state: State, cause: str) -> None:
    (two,) = pair.PROBE.targets(load(_OFFICE).require())
    found = judge_pair(two, {reading.device: reading for reading in told})
    assert (found.state, str(found.cause)) == (state, cause)


def test_who_works_is_measured_where_it_is_known() -> None:
    (two,) = pair.PROBE.targets(load(_OFFICE).require())
    for works, value in (("gw-k", 0.0), ("gw-k2", 1.0)):
        assert [each.value for each in judge_pair(two, {works: _holds(works)}).measured] == [value]
    assert judge_pair(two, {}).measured == ()


def test_a_gate_tells_half_of_a_pair_or_nothing_of_it() -> None:
    told = parse_line(b'{"links": {}, "pair": {"holds": true, "ready": false}}')
    assert told.half == Half(holds=True, ready=False)
    assert parse_line(b'{"links": {}}').half is None


@pytest.mark.parametrize("pair", [b"1", b'{"holds": 1, "ready": true}', b"null"])
def test_half_a_pair_is_nonsense(pair: bytes) -> None:
    with pytest.raises(NonsenseError):
        parse_line(b'{"links": {}, "pair": ' + pair + b"}")
