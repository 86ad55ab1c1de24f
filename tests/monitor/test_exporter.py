"""What is exported, read back with Prometheus' own parser for Python: the samples, and that they are never missing."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from inventory.sentence import say
from monitor.channel import Aspect, AspectReading, ChannelReading
from monitor.compliance.model import Result, Severity
from monitor.errors import Flaw
from monitor.exporter import METRICS, exposed, exposition
from monitor.exposition import Kind, Metric, written
from monitor.refused import FLAWS, Protocol, Refused
from monitor.results import Algorithms, Difference, DifferenceKind, Reason, State, TrapCounts, TunnelReading
from monitor.series import Scene
from tests.monitor import moments

Read = dict[tuple[str, frozenset[tuple[str, str]]], float]


_CHANNELS = (
    ChannelReading(
        channel="csizs",
        title="CSIZS",
        assumed=False,
        at=moments.AT,
        aspects=(AspectReading(aspect=Aspect.DUTY, state=State.DOWN, cause=say("nobody asked")),),
        hops=(),
        failing=None,
        services=(),
        due=None,
    ),
)
_NEEDS = {"tunnel:k-b": ("link:k-isp", "device:gw-k")}


def _read(text: str) -> Read:
    samples = [s for family in text_string_to_metric_families(text) for s in family.samples]
    found = {(s.name, frozenset(s.labels.items())): s.value for s in samples}
    assert len(found) == len(samples), "a sample stands there twice"
    return found


def _exported(*tunnels: TunnelReading, silent_s: float | None = 0.1) -> Read:
    watched = moments.watched(*tunnels)
    return _read(exposition(watched, silent_s, None, version="0.1.0", store_up=True))


def _value(read: Read, metric: str, **labels: str) -> float | None:
    """The value of the metric's only sample with these labels and maybe more."""
    found = [v for (name, ls), v in read.items() if name == metric and labels.items() <= ls]
    assert len(found) < 2, f"{metric} has several samples with {labels}"
    return found[0] if found else None


def _names(read: Read) -> set[str]:
    return {name for name, _ in read}


def _whole() -> Scene:
    """One in which everything is read and one failure follows from another."""
    watched = moments.watched(moments.tunnel("k-b", probed=moments.probe()), probes=(moments.measured(),))
    report = moments.report((Result.PASS, Severity.HIGH))
    behind = {"tunnel:k-b": "link:b-isp1"}
    return Scene(watched, 0.1, report, "0.1.0", store_up=True, depends=_NEEDS, channels=_CHANNELS, explained=behind)


def test_exports_every_metric_of_the_table_when_all_is_read() -> None:
    read = _read(exposed(_whole()))
    assert _names(read) == {metric.name for metric in METRICS}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_metrics_bear_the_labels_the_table_says(metric: Metric[object]) -> None:
    read = _read(exposed(_whole()))
    labels = {frozenset(label for label, _ in ls) for name, ls in read if name == metric.name}
    assert labels == {frozenset(metric.labels)}


def test_a_channel_has_a_sample_for_each_aspect_and_state() -> None:
    read = _read(exposed(Scene(moments.watched(), 0.1, None, "0.1.0", store_up=True, channels=_CHANNELS)))
    found = {state: _value(read, "fosa_channel_state", channel="csizs", aspect="duty", state=state) for state in State}
    assert found == {State.UP: 0, State.DEGRADED: 0, State.DOWN: 1, State.UNKNOWN: 0}


def test_a_tunnel_that_works_badly_says_so_beside_being_up() -> None:
    bad = moments.tunnel("k-b", State.DEGRADED).model_copy(update={"reason": Reason.LOSSY})
    read = _exported(bad, moments.tunnel("k-c"))
    assert [_value(read, "fosa_tunnel_up", tunnel=name) for name in ("k-b", "k-c")] == [1, 1]
    assert [_value(read, "fosa_tunnel_degraded", tunnel=name) for name in ("k-b", "k-c")] == [1, 0]
    assert _value(read, "fosa_tunnel_cause_info", tunnel="k-b", state="degraded", reason="lossy") == 1


@pytest.mark.parametrize("state", list(State))
def test_tunnel_up_is_one_only_while_it_works(state: State) -> None:
    read = _exported(moments.tunnel("k-b", state))
    assert _value(read, "fosa_tunnel_up", office="test", tunnel="k-b") == (state in {State.UP, State.DEGRADED})


def test_each_end_has_every_state_one_of_them_one() -> None:
    read = _exported(moments.tunnel("k-b", ends=(moments.end("gw-k"), moments.end("gw-b", State.UNKNOWN))))
    for device, now in (("gw-k", "up"), ("gw-b", "unknown")):
        values = {s: _value(read, "fosa_tunnel_state", tunnel="k-b", end=device, state=s) for s in State}
        assert values == {s: float(s == now) for s in State}


def test_an_end_never_read_keeps_state_and_an_endless_age_and_has_no_numbers() -> None:
    read = _exported(moments.tunnel("k-b", State.UNKNOWN, (moments.end("gw-k", State.UNKNOWN),)))
    assert _value(read, "fosa_tunnel_up", tunnel="k-b") == 0
    assert _value(read, "fosa_tunnel_reading_age_seconds", end="gw-k") == math.inf
    assert not _names(read) & {"fosa_tunnel_rekeys_total", "fosa_tunnel_differences", "fosa_tunnel_algorithms_info"}


def test_numbers_of_an_end_grown_unknown_are_left_out() -> None:
    ends = (moments.end("gw-k"), moments.end("gw-b", State.UNKNOWN, moments.sa(received=7)))
    read = _exported(moments.tunnel("k-b", ends=ends))
    assert _value(read, "fosa_tunnel_received_bytes_total", end="gw-k") == 1000
    assert _value(read, "fosa_tunnel_received_bytes_total", end="gw-b") is None
    assert _value(read, "fosa_tunnel_reading_age_seconds", end="gw-b") == 0.25


def test_counts_traffic_and_rekeyings_of_each_end() -> None:
    read = _exported(moments.tunnel("k-b"))
    assert _value(read, "fosa_tunnel_sent_bytes_total", end="gw-b") == 2000
    assert _value(read, "fosa_tunnel_received_packets_total", end="gw-b") == 10
    assert _value(read, "fosa_tunnel_sent_packets_total", end="gw-b") == 20
    assert _value(read, "fosa_tunnel_rekeys_total", end="gw-k", sa="ike") == 1
    assert _value(read, "fosa_tunnel_rekeys_total", end="gw-k", sa="child") == 3


def test_counts_differences() -> None:
    difference = Difference(kind=DifferenceKind.VERSION, device="gw-k", against="inventory", found="1", expected="2")
    read = _exported(moments.tunnel("k-b").model_copy(update={"differences": (difference,)}), moments.tunnel("k-c"))
    assert _value(read, "fosa_tunnel_differences", tunnel="k-b") == 1
    assert _value(read, "fosa_tunnel_differences", tunnel="k-c") == 0


def test_negotiated_algorithms_are_labels() -> None:
    read = _exported(moments.tunnel("k-b"))
    assert _value(read, "fosa_tunnel_algorithms_info", end="gw-k", sa="ike", prf="prfsha384", group="ecp384") == 1
    assert _value(read, "fosa_tunnel_algorithms_info", end="gw-k", sa="child", proposal="aes256gcm16") == 1


def test_a_probe_without_any_answer_has_loss_and_no_round_trip() -> None:
    read = _exported(moments.tunnel("k-b", State.DOWN, probed=moments.probe(State.DOWN, lost=300)))
    assert _value(read, "fosa_probe_loss_ratio", tunnel="k-b") == 1
    assert _value(read, "fosa_probe_rtt_seconds") is None


def test_an_unknown_probe_has_no_numbers() -> None:
    read = _exported(moments.tunnel("k-b", State.UNKNOWN, probed=moments.probe(State.UNKNOWN, lost=3)))
    assert not [name for name in _names(read) if name.startswith("fosa_probe_")]


def test_links_and_devices_that_are_not_up_are_zero() -> None:
    read = _exported()
    assert _value(read, "fosa_link_up", link="k-isp", kind="wan") == 1
    assert _value(read, "fosa_link_up", link="b-isp", kind="wan") == 0
    assert _value(read, "fosa_link_state", link="b-isp", state="unknown") == 1
    assert _value(read, "fosa_device_up", device="gw-k") == 1
    assert _value(read, "fosa_device_up", device="gw-b") == 0


@pytest.mark.parametrize(("silent_s", "up"), [(0.2, 1), (3.0, 1), (3.1, 0), (900.0, 0), (None, 0)])
def test_says_when_the_watch_is_silent(silent_s: float | None, up: int) -> None:
    read = _exported(moments.tunnel("k-b"), silent_s=silent_s)
    assert _value(read, "fosa_watch_up", office="test") == up
    assert _value(read, "fosa_watch_round_age_seconds") == (math.inf if silent_s is None else silent_s)
    assert _value(read, "fosa_watch_rounds_total") == (None if silent_s is None else 3600)


def test_counts_findings_and_keeps_those_that_are_none() -> None:
    found = [(Result.FAIL, Severity.HIGH)] * 2 + [(Result.UNKNOWN, Severity.LOW)]
    text = exposition(moments.watched(), 0.1, moments.report(*found), version="0.1.0", store_up=False)
    read = _read(text)
    assert _value(read, "fosa_findings", result="fail", severity="high") == 2
    assert _value(read, "fosa_findings", result="unknown", severity="low") == 1
    assert _value(read, "fosa_findings", result="fail", severity="critical") == 0
    assert _value(read, "fosa_check_coverage_ratio") == 0.75
    assert _value(read, "fosa_check_timestamp_seconds") == moments.AT.timestamp()
    assert _value(read, "fosa_store_up") == 0


def test_no_check_yet_means_no_findings_and_no_coverage() -> None:
    assert not [name for name in _names(_exported()) if name.startswith(("fosa_findings", "fosa_check"))]


def test_nothing_to_judge_is_no_full_coverage() -> None:
    empty = moments.report(decided=0, pairs=0)
    read = _read(exposition(moments.watched(), 0.1, empty, version="0.1.0", store_up=True))
    assert _value(read, "fosa_check_coverage_ratio") is None


def test_names_follow_the_conventions() -> None:
    for metric in METRICS:
        assert metric.name.startswith("fosa_")
        assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER), metric.name
    assert len({metric.name for metric in METRICS}) == len(METRICS)


@given(st.text(), st.text())
def test_what_a_device_says_cannot_leave_its_label(proposal: str, group: str) -> None:
    said = moments.sa().model_copy(update={"ike": Algorithms(proposal=proposal, encryption="x", group=group)})
    read = _exported(moments.tunnel("k-b", ends=(moments.end("gw-k", reading=said),)))
    value = _value(read, "fosa_tunnel_algorithms_info", sa="ike", proposal=proposal, group=group)
    assert value == 1
    assert len(_names(read) - {metric.name for metric in METRICS}) == 0


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1"), (0.25, "0.25"), (1e22, "1e+22"), (math.inf, "+Inf"), (-math.inf, "-Inf")]
)
def test_writes_numbers_as_prometheus_reads_them(number: float, text: str) -> None:
    metric: Metric[float] = Metric("x", Kind.GAUGE, (), "X.", lambda source: [((), source)])
    assert written(metric, number) == f"# HELP x X.\n# TYPE x gauge\nx {text}\n"


def test_whatever_could_be_refused_has_a_series_and_nothing_before_the_watch_was_heard() -> None:
    once = Refused(protocol=Protocol.SNMP_TRAP, flaw=Flaw.STRANGER, count=7)
    watched = moments.watched().model_copy(update={"refused": (once,), "traps": TrapCounts(taken=3)})
    read = _read(exposition(watched, 0.1, None, version="0.1.0", store_up=True))
    name = "fosa_refused_answers_total"
    assert _value(read, name, protocol="snmp_trap", reason="stranger") == 7
    assert _value(read, name, protocol="dns", reason="malformed") == 0
    assert _value(read, "fosa_traps_total", office="test") == 3
    assert sum(metric == name for metric, _labels in read) == sum(map(len, FLAWS.values()))
    before = _read(exposition(watched, None, None, version="0.1.0", store_up=True))
    assert _names(before).isdisjoint({name, "fosa_traps_total"})
