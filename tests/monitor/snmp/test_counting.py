"""Counters of devices wrap, begin anew and move; ours only grow."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.snmp.counting import Counting
from monitor.snmp.interfaces import SeenPort
from monitor.snmp.model import Port, PortCounters, PortState

_WRAP = 2**32


def seen(octets: int | None, *, wide: bool = True, **changed: object) -> SeenPort:
    counts = (octets, octets, 0, 0, 0, 0)
    port = SeenPort("Gi1", 1, "", True, PortState.UP, 10**9, True, counts, wide, 0)
    return replace(port, **changed)  # type: ignore[arg-type]  # fields by name


def after(first: SeenPort, second: SeenPort, *, uptimes: tuple[float, float] = (1000.0, 1060.0)) -> Port:
    counting = Counting()
    counting.take([first], uptimes[0], 0.0)
    (port,) = counting.take([second], uptimes[1], 60.0)
    return port


def octets(port: Port) -> int:
    assert port.counters is not None
    return port.counters.in_bytes


def test_what_went_through_is_counted_and_rated() -> None:
    port = after(seen(1000), seen(7000))
    assert (octets(port), port.in_bps, port.errors_grown) == (7000, 800.0, 0)


def test_a_counter_of_32_bits_that_wraps_goes_on() -> None:
    port = after(seen(_WRAP - 100, wide=False), seen(50, wide=False))
    assert octets(port) == _WRAP + 50
    assert port.in_bps == pytest.approx(8 * 150 / 60)


def test_a_restart_begins_the_devices_counters_anew_not_ours() -> None:
    port = after(seen(10_000), seen(300), uptimes=(1000.0, 5.0))
    assert (octets(port), port.in_bps, port.errors_grown) == (10_300, None, None)


def test_an_uptime_that_wraps_after_497_days_is_no_restart() -> None:
    wrap = _WRAP / 100
    port = after(seen(10_000), seen(10_600), uptimes=(wrap - 30.0, 30.0))
    assert (octets(port), port.in_bps) == (10_600, 80.0)


def test_a_counter_that_was_reset_by_itself_loses_nothing() -> None:
    assert octets(after(seen(10_000), seen(300))) == 10_300
    disturbed = after(seen(10_000, wide=False), seen(12_000, wide=False, disturbed=7))
    assert octets(disturbed) == 22_000
    assert disturbed.in_bps is None


def test_a_port_is_known_by_its_name_not_by_its_index() -> None:
    counting = Counting()
    counting.take([seen(100, name="a", index=1), seen(5000, name="b", index=2)], 1000.0, 0.0)
    ports = counting.take([seen(5060, name="b", index=1), seen(130, name="a", index=2)], 1060.0, 60.0)
    assert {port.name: octets(port) for port in ports} == {"a": 130, "b": 5060}


def test_a_port_that_comes_later_begins_with_what_it_shows() -> None:
    counting = Counting()
    counting.take([seen(100)], 1000.0, 0.0)
    first, new = counting.take([seen(100), seen(999, name="Gi2", index=2)], 1060.0, 60.0)
    assert (octets(first), octets(new), new.in_bps) == (100, 999, None)


def test_a_device_that_counts_nothing_has_no_counters() -> None:
    counts = (None,) * 6
    port = after(seen(None, counts=counts), seen(None, counts=counts))
    assert (port.counters, port.in_bps) == (None, None)


_COUNTS = st.lists(st.one_of(st.none(), st.integers(0, 2**64 - 1)), min_size=6, max_size=6).map(tuple)
_POLLS = st.lists(
    st.tuples(_COUNTS, st.booleans(), st.integers(0, 3), st.one_of(st.none(), st.floats(0, _WRAP / 100))),
    min_size=1,
    max_size=8,
)


@given(_POLLS)
def test_totals_never_shrink(polls: list[tuple[tuple[int | None, ...], bool, int, float | None]]) -> None:
    counting, before = (
        Counting(),
        PortCounters(in_bytes=0, out_bytes=0, in_errors=0, out_errors=0, in_discards=0, out_discards=0),
    )
    for turn, (counts, wide, disturbed, uptime) in enumerate(polls):
        kept = tuple(count if count is None or (wide and n < 2) else count % _WRAP for n, count in enumerate(counts))
        (port,) = counting.take([seen(0, wide=wide, counts=kept, disturbed=disturbed)], uptime, 60.0 * turn)
        if port.counters is not None:
            pairs = zip(before.model_dump().values(), port.counters.model_dump().values(), strict=True)
            assert all(was <= now for was, now in pairs)
            before = port.counters
        assert port.in_bps is None or port.in_bps >= 0
