"""What is exported of polled devices: little enough of each, nothing twice, and nothing that nobody vouches for."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from prometheus_client import exposition as theirs
from prometheus_client.core import Metric as Family
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from monitor.exporter import METRICS as WATCHED
from monitor.exporter import parts
from monitor.exposition import END, Format, Kind, Metric, Sample, lines
from monitor.results import State
from monitor.series import Scene
from monitor.snmp.exporter import METRICS, SHARED
from monitor.snmp.model import Figures, Polled, Supply, SupplyState
from monitor.snmp.sight import Place, Sight, places, uplinks
from monitor.snmp.texts import DeviceTexts
from tests import openmetrics
from tests.api.stills import office
from tests.monitor import moments
from tests.monitor.moments import AT
from tests.monitor.snmp import sights

_MOST = 20
_KINDS = {
    "sw-k-1": sights.switch(),
    "prn-k-01": sights.printer(),
    "ups-k": sights.ups(),
    "gw-k2": sights.firewall(),
}
_PLACES = places(office())

Read = dict[tuple[str, frozenset[tuple[str, str]]], float]


def _place(device: str = "sw-k-1", *links: str) -> Place:
    return Place("pila", device, "switch", "k", "", "", "", links, followed=False)


def _series(polled: Polled, place: Place | None = None) -> list[str]:
    sight = Sight(place or _PLACES[polled.device], polled)
    return "".join(lines(metric, sight) for metric in (*SHARED, *METRICS)).splitlines()


def _exposed(polled: Iterable[Polled], at: dt.datetime = AT, form: Format = Format.TEXT) -> str:
    scene = Scene(moments.watched(moments.tunnel("k-b")), 0.1, None, "0.1.0", store_up=True)
    texts = DeviceTexts(office(), polled)
    return b"".join(parts(scene, texts.lines(at), form)).decode() + END[form]


def _read(text: str, form: Format = Format.TEXT) -> Read:
    families = openmetrics.families(text) if form is Format.OPENMETRICS else text_string_to_metric_families(text)
    samples = [sample for family in families for sample in family.samples]
    found = {(sample.name, frozenset(sample.labels.items())): sample.value for sample in samples}
    assert len(found) == len(samples), "a sample stands there twice"
    return found


def _value(read: Read, metric: str, **labels: str) -> float | None:
    found = [value for (name, has), value in read.items() if name == metric and labels.items() <= has]
    assert len(found) < 2, f"{metric} has several samples with {labels}"
    return found[0] if found else None


@pytest.mark.parametrize("device", ["sw-k-1", "prn-k-01", "ups-k"])
def test_an_ordinary_device_has_at_most_twenty_series(device: str) -> None:
    two_ways = replace(_PLACES[device], uplinks=("Gi1/0/1", "Gi1/0/48"))
    for state in State:
        assert len(_series(sights.polled(device, _KINDS[device], state), two_ways)) <= _MOST
    assert len(_series(sights.polled(device, _KINDS[device]), two_ways)) > _MOST / 2


def test_every_metric_of_the_table_is_had_of_some_device() -> None:
    read = _read(_exposed(sights.polled(device, figures) for device, figures in _KINDS.items()))
    assert {metric.name for metric in METRICS} <= {name for name, _labels in read}


@pytest.mark.parametrize("form", list(Format))
def test_both_formats_say_the_same(form: Format) -> None:
    polled = [sights.polled(device, figures) for device, figures in _KINDS.items()]
    assert _read(_exposed(polled, form=form), form) == _read(_exposed(polled))


def test_names_and_labels_follow_the_conventions() -> None:
    for metric in METRICS:
        assert metric.name.startswith("fosa_device_")
        assert metric.name.endswith("_total") == (metric.kind is Kind.COUNTER), metric.name
        assert metric.labels[:2] == ("office", "device")
        assert not set('\\"\n') & set(metric.meaning)
    assert not {metric.name for metric in METRICS} & {metric.name for metric in WATCHED}
    assert len({metric.name for metric in METRICS}) == len(METRICS)


def test_metrics_shared_with_gateways_bear_the_same_labels() -> None:
    theirs = {metric.name: (metric.kind, metric.labels) for metric in WATCHED}
    assert all(theirs[metric.name] == (metric.kind, metric.labels) for metric in SHARED)


def test_a_gateway_that_is_polled_as_well_says_once_whether_it_is_up() -> None:
    polled = sights.polled("gw-k", sights.switch())
    read = _read(_exposed([polled]))
    assert _value(read, "fosa_device_up", device="gw-k") == 1
    assert _value(read, "fosa_device_uptime_seconds", device="gw-k") == 86_400


@pytest.mark.parametrize("state", [State.DOWN, State.UNKNOWN])
def test_a_device_that_does_not_answer_keeps_its_state_and_loses_its_numbers(state: State) -> None:
    polled = sights.polled("sw-k-1", None, state)
    read = _read(_exposed([polled]))
    assert {name for name, labels in read if ("device", "sw-k-1") in labels} == {
        "fosa_device_up",
        "fosa_device_state",
        "fosa_device_info",
        "fosa_device_poll_timestamp_seconds",
    }
    assert _value(read, "fosa_device_up", device="sw-k-1") == 0
    assert _value(read, "fosa_device_state", device="sw-k-1", state=state) == 1


def test_a_poll_that_grows_too_old_proves_nothing_any_more() -> None:
    texts = DeviceTexts(office(), [sights.polled("sw-k-1", sights.switch()), sights.silent("ups-k")])
    for seconds, up, unknown in ((0, True, 0), (164, True, 0), (166, False, 2)):
        found = texts.lines(AT + dt.timedelta(seconds=seconds))
        assert (b"".join(found["fosa_device_up"]).count(b"} 1\n") == 1) is up
        assert b"".join(found["fosa_device_state"]).count(b'state="unknown"} 1') == unknown
    texts.put(sights.polled("sw-k-1", sights.switch()).model_copy(update={"at": AT + dt.timedelta(seconds=200)}))
    assert b"} 1\n" in b"".join(texts.lines(AT + dt.timedelta(seconds=201))["fosa_device_up"])


def test_a_device_that_the_inventory_does_not_have_is_not_exported() -> None:
    assert "nobody" not in _exposed([sights.polled("nobody", sights.switch())])


def test_ports_are_summed_and_only_the_way_to_the_manager_is_counted_by_itself() -> None:
    read = _read(_exposed([sights.polled("sw-k-1", sights.switch(24))]))
    assert _value(read, "fosa_device_ports") == 24
    assert _value(read, "fosa_device_ports_up") == 18
    assert _value(read, "fosa_device_port_errors_total") == 24 * 4
    assert _value(read, "fosa_device_port_discards_total") == 24 * 7
    assert _value(read, "fosa_device_uplink_sent_bytes_total", port="GigabitEthernet1/0/24") == 2000
    assert _value(read, "fosa_device_load_ratio") == 0.5
    assert _value(read, "fosa_device_memory_used_ratio") == 0.25
    assert _value(read, "fosa_device_temperature_celsius") == 43


@pytest.mark.parametrize(
    ("told", "written", "same"),
    [
        ("Gi1/0/24", "GigabitEthernet1/0/24", True),
        ("gigabitethernet1/0/24", "GigabitEthernet1/0/24", True),
        ("1/1/24", "1/1/24", True),
        ("24", "24", True),
        ("Gi1/0/2", "GigabitEthernet1/0/24", False),
        ("Te1/0/24", "GigabitEthernet1/0/24", False),
        ("24", "GigabitEthernet24", False),
        ("Port 24", "24", False),
        ("ge-0/0/23", "ge-0/0/23", True),
        ("ge-0/0/23.0", "ge-0/0/23", False),
    ],
)
def test_a_port_is_known_by_its_short_name_too(told: str, written: str, same: bool) -> None:
    figures = sights.switch(2)
    named = figures.ports[0].model_copy(update={"name": told})
    sight = Sight(
        _place("sw-k-1", written),
        sights.polled("sw-k-1", figures.model_copy(update={"ports": (named, figures.ports[1])})),
    )
    assert [port.name for port in uplinks(sight)] == ([told] if same else [])


def test_the_only_port_is_the_way_to_the_manager() -> None:
    sight = Sight(_place(), sights.polled("sw-k-1", sights.switch(1)))
    assert [port.name for port in uplinks(sight)] == ["GigabitEthernet1/0/1"]


def test_of_many_supplies_those_with_least_left_are_exported_each_by_a_name_of_its_own() -> None:
    read = _read(_exposed([sights.polled("prn-k-01", sights.printer())]))
    levels = sorted(value for (name, _labels), value in read.items() if name == "fosa_device_supply_level_ratio")
    assert levels == [0.05, 0.4, 0.5, 0.6, 0.7, 0.8, 0.8, 0.8, 0.8]
    assert _value(read, "fosa_device_supplies_low") == 1
    assert _value(read, "fosa_device_temperature_celsius", device="prn-k-01") is None


def test_supplies_of_unknown_state_are_not_counted_as_full() -> None:
    unsaid = Supply(name="Toner", kind="toner", state=SupplyState.UNKNOWN)
    read = _read(_exposed([sights.polled("prn-k-01", Figures(supplies=(unsaid,)))]))
    assert _value(read, "fosa_device_supplies_low") is None


def test_a_ups_says_that_it_runs_on_battery() -> None:
    read = _read(_exposed([sights.polled("ups-k", sights.ups())]))
    assert _value(read, "fosa_device_on_battery") == 1
    assert _value(read, "fosa_device_battery_left_seconds", battery="battery 2") == 1800
    assert _value(read, "fosa_device_input_volts") == 0


def test_tunnels_of_one_name_stay_two() -> None:
    read = _read(_exposed([sights.polled("gw-k2", sights.firewall())]))
    assert _value(read, "fosa_device_tunnel_up", tunnel="to-b") == 1
    assert _value(read, "fosa_device_tunnel_up", tunnel="to-b 2") == 0


@given(st.lists(st.sampled_from(["a", "a 1", "a 2", ""]), max_size=8))
def test_no_names_whatsoever_make_a_series_twice(names: list[str]) -> None:
    figures = Figures(supplies=tuple(Supply(name=n, kind="ink", state=SupplyState.OK, level_ratio=0.5) for n in names))
    found = Counter(_series(sights.polled("prn-k-01", figures)))
    assert set(found.values()) == {1}
    assert sum("supply_level" in line for line in found) == len(names)


class _Handed(Collector):
    """The samples of a device, handed to prometheus_client."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight

    def collect(self) -> Iterable[Family]:
        for metric in METRICS:
            kind, name = metric.kind.value, metric.name.removesuffix("_total")
            if name.endswith("_info"):
                kind, name = "info", name.removesuffix("_info")
            family = Family(name, metric.meaning, kind, name.rpartition("_")[2] if _has_unit(name) else "")
            for values, number in metric.samples(self._sight):
                family.add_sample(metric.name, dict(zip(metric.labels, values, strict=True)), number)
            yield family


def _has_unit(name: str) -> bool:
    return name.endswith(("_bytes", "_celsius", "_ratio", "_seconds", "_volts"))


def _in_their_order(metric: Metric[Sight]) -> Metric[Sight]:
    """They sort labels by name."""
    order = sorted(range(len(metric.labels)), key=lambda n: metric.labels[n])

    def samples(sight: Sight) -> Iterable[Sample]:
        return ((tuple(values[n] for n in order), number) for values, number in metric.samples(sight))

    return replace(metric, labels=tuple(sorted(metric.labels)), samples=samples)


def _parted(text: str) -> list[tuple[str, float]]:
    found = [line.rpartition(" ") for line in text.split("\n") if line and not line.startswith("#")]
    return [(head, float(number)) for head, _space, number in found]


@given(st.text(max_size=20), st.text(max_size=20), st.floats(allow_nan=False))
def test_the_lines_are_those_that_prometheus_client_writes(vendor: str, name: str, level: float) -> None:
    supply = Supply(name=name, kind="ink", state=SupplyState.OK, level_ratio=level)
    sight = Sight(_PLACES["prn-k-01"], sights.polled("prn-k-01", Figures(vendor=vendor, supplies=(supply,))))
    registry = CollectorRegistry()
    registry.register(_Handed(sight))
    ours = "".join(lines(_in_their_order(metric), sight) for metric in METRICS)
    assert _parted(ours) == _parted(theirs.generate_latest(registry).decode())


def test_what_is_said_of_each_metric_in_openmetrics_is_what_prometheus_client_says() -> None:
    sight = Sight(_PLACES["sw-k-1"], sights.polled("sw-k-1", None))
    registry = CollectorRegistry()
    registry.register(_Handed(sight))
    written = openmetrics.generated(registry)
    ours = _exposed([], form=Format.OPENMETRICS)
    for metric in METRICS:
        family = metric.name.removesuffix("_total").removesuffix("_info")
        said = [
            [line for line in text.split("\n") if line.startswith("#") and line.split()[2:3] == [family]]
            for text in (ours, written)
        ]
        assert sorted(said[0]) == sorted(said[1])
    assert ours.endswith("# EOF\n")


def test_numbers_that_are_none_are_written_as_prometheus_reads_them() -> None:
    polled = sights.polled("sw-k-1", Figures(uptime_s=math.inf))
    assert _value(_read(_exposed([polled])), "fosa_device_uptime_seconds") == math.inf
