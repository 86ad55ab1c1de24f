"""/metrics in memory, for Piła, 10,000 gateways and many polled devices: ours and prometheus_client's own, by turns."""

from __future__ import annotations

import datetime as dt
import gzip
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric as Family
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from bench.crowd import crowd, judged
from bench.polled import AT, office_of, polls
from bench.report import Figure, Row, report, row
from monitor.exporter import METRICS, exposition, parts
from monitor.exposition import Format
from monitor.series import Scene
from monitor.snmp.exporter import METRICS as DEVICES
from monitor.snmp.exporter import SHARED
from monitor.snmp.sight import Sight, places
from monitor.snmp.texts import DeviceTexts

__all__ = ["every"]

_SERIES = 18
"""Of one switch."""


class _Samples(Collector):
    """The same samples, handed to prometheus_client."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def collect(self) -> Iterable[Family]:
        scene = replace(self.scene)  # nothing of the last time is kept in it
        for metric in METRICS:
            name = metric.name.removesuffix("_total")
            family = Family(name, metric.meaning, metric.kind.value)
            for values, number in metric.samples(scene):
                family.add_sample(metric.name, dict(zip(metric.labels, values, strict=True)), number)
            yield family


def main() -> None:
    """Measure and print."""
    report(*every())


def every() -> tuple[list[Row], dict[str, float], list[Figure]]:
    """What is measured, for both sizes."""
    rows: list[Row] = []
    ratios: dict[str, float] = {}
    figures: list[Figure] = []
    for name, devices, runs in (("Piła", 3, 50), ("10,000 gateways", 10_000, 5)):
        more, ratio, sizes = _measured(name, devices, runs)
        rows += more
        ratios |= ratio
        figures += sizes
    for series, runs in ((10_000, 50), (500_000, 5)):
        more, ratio, sizes = _polled(series, runs)
        rows += more
        ratios |= ratio
        figures += sizes
    return rows, ratios, figures


def _measured(name: str, devices: int, runs: int) -> tuple[list[Row], dict[str, float], list[Figure]]:
    """Rows of both writers, how many times as long prometheus_client takes, and the size of what is written."""
    scene = Scene(crowd(devices), 0.2, judged(devices), "0", store_up=True)
    registry = CollectorRegistry()
    registry.register(_Samples(scene))

    def fosa() -> bytes:
        text = exposition(scene.watched, scene.silent_s, scene.report, version=scene.version, store_up=scene.store_up)
        return text.encode()

    def prometheus_client() -> bytes:
        return generate_latest(registry)

    body = fosa()

    def packed() -> bytes:
        return gzip.compress(body, 1)

    series = sum(not line.startswith(b"#") for line in body.splitlines())
    _require_equal(body, prometheus_client())
    rows = [
        row(f"{name}: {what}", seconds) for what, seconds in _by_turns(runs, fosa, prometheus_client, packed).items()
    ]
    figures = [
        Figure(f"{name}: series", series, ""),
        Figure(f"{name}: size", len(body) / 1e6, "MB"),
        Figure(f"{name}: size, packed", len(packed()) / 1e6, "MB"),
    ]
    return rows, {f"{name}: prometheus_client / ours": rows[1].median_s / rows[0].median_s}, figures


class _Polled(Collector):
    """Polled devices, handed to prometheus_client."""

    def __init__(self, sights: Sequence[Sight]) -> None:
        self._sights = sights

    def collect(self) -> Iterable[Family]:
        for metric in (*SHARED, *DEVICES):
            family = Family(metric.name.removesuffix("_total"), metric.meaning, metric.kind.value)
            for sight in self._sights:
                for values, number in metric.samples(sight):
                    family.add_sample(metric.name, dict(zip(metric.labels, values, strict=True)), number)
            yield family


def _polled(series: int, runs: int) -> tuple[list[Row], dict[str, float], list[Figure]]:
    """The same for devices that were polled: putting together what was made, after every one of them was made anew."""
    switches = -(-series // _SERIES)
    office = office_of(switches)
    polled, texts, facts = tuple(polls(switches)), DeviceTexts(office), places(office)
    sights = [Sight(facts[each.device], each) for each in polled]
    scene = Scene(crowd(3), 0.2, judged(3), "0", store_up=True)
    registry = CollectorRegistry()
    registry.register(_Polled(sights))
    at = AT + dt.timedelta(seconds=30)

    def all_made() -> None:
        for each in polled:
            texts.put(each)

    def fosa() -> bytes:
        return b"".join(parts(scene, texts.lines(at), Format.TEXT))

    def prometheus_client() -> bytes:
        return generate_latest(registry)

    all_made()
    body = fosa()

    def packed() -> bytes:
        return gzip.compress(body, 1)

    _require_equal(b"".join(b"".join(chunks) for chunks in texts.lines(at).values()), prometheus_client())
    name, count = f"{series:,} series of polled devices", sum(line[:1] != b"#" for line in body.splitlines())
    rows = [
        row(f"{name}: {what}", seconds)
        for what, seconds in _by_turns(runs, all_made, fosa, prometheus_client, packed).items()
    ]
    figures = [
        Figure(f"{name}: series, with Piła's", count, ""),
        Figure(f"{name}: devices", switches, ""),
        Figure(f"{name}: size", len(body) / 1e6, "MB"),
        Figure(f"{name}: size, packed", len(packed()) / 1e6, "MB"),
    ]
    return rows, {f"{name}: prometheus_client / ours": rows[2].median_s / rows[1].median_s}, figures


def _by_turns(runs: int, *works: Callable[[], object]) -> dict[str, list[float]]:
    """Seconds by name, the works taking turns, so that a slow minute of the machine hits all of them."""
    seconds: dict[str, list[float]] = {work.__name__: [] for work in works}
    for _ in range(runs):
        for work in works:
            start = time.perf_counter()
            work()
            seconds[work.__name__].append(time.perf_counter() - start)
    return seconds


def _require_equal(ours: bytes, theirs: bytes) -> None:
    """Both must say the same, or there is nothing to compare."""
    ours_read, theirs_read = (
        {
            (s.name, frozenset(s.labels.items())): s.value
            for f in text_string_to_metric_families(text)
            for s in f.samples
        }
        for text in (ours.decode(), theirs.decode())
    )
    if ours_read != theirs_read:
        raise SystemExit("the two writers do not say the same")


if __name__ == "__main__":
    main()
