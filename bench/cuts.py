"""From a cut to `/metrics` and to the page, and back, in a practice office; then a quiet time under load.

scripts/bench cuts [--runs 5] [--only TEXT] [--quiet-minutes 10] [--name cuts]
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

from bench.cases import CASES, Case
from bench.readers import Metrics, Page, Series, alarms, changes
from bench.report import Figure, report, row
from bench.stage import Standing, standing

TO_PAGE_S = 1.0
"""The page may be so much later than the metrics."""
_PATIENCE_S = 90.0
_REST_S = 10.5
"""A third cut within ten seconds is told of later, as loss may be (`monitor.echo.loss`)."""
_HOLD_S = 4.0


@dataclass(slots=True)
class Times:
    """Seconds of every run of a case."""

    cutting: list[float] = field(default_factory=list)
    """The commands that cut: somewhere within it happened. All else counts from their beginning."""
    to_metrics: list[float] = field(default_factory=list)
    to_page: list[float] = field(default_factory=list)
    metrics_back: list[float] = field(default_factory=list)
    page_back: list[float] = field(default_factory=list)

    def last(self) -> str:
        """The last run in words."""
        told, back = (self.to_metrics, self.to_page), (self.metrics_back, self.page_back)
        words = [f"metrics {metrics[-1]:.2f} s, page {page[-1]:.2f} s" for metrics, page in (told, back)]
        return "; back: ".join(words)


def main() -> None:
    """Measure and print. Needs root."""
    parser = argparse.ArgumentParser(prog="cuts")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="only the cases with this in their names")
    parser.add_argument("--quiet-minutes", type=float, default=10)
    parser.add_argument("--name", default="cuts")
    asked = parser.parse_args()
    with standing(asked.name) as there:
        chosen = [case for case in CASES if asked.only in case.name]
        times = {case.name: (case, _measured(there, case, asked.runs)) for case in chosen}
        quiet = _quiet(there, asked.quiet_minutes * 60) if asked.quiet_minutes else []
    rows = []
    for name, (case, taken) in times.items():
        rows.append(row(f"{name}: the cut itself", taken.cutting))
        rows.append(row(f"{name}: to metrics", taken.to_metrics, case.to_metrics_s))
        rows.append(row(f"{name}: to page", taken.to_page, case.to_metrics_s + TO_PAGE_S))
        rows.append(row(f"{name}: mended, all up in metrics", taken.metrics_back))
        rows.append(row(f"{name}: mended, up on page", taken.page_back))
    report(rows, figures=quiet)


def _measured(there: Standing, case: Case, runs: int) -> Times:
    times, metrics, page = Times(), there.metrics(), Page(there.port)
    for number in range(runs):
        _settle(metrics)
        begun = time.monotonic()
        case.cut(there)
        times.cutting.append(time.monotonic() - begun)
        times.to_metrics.append(_noticed(metrics, case) - begun)
        _hold(metrics, case)
        times.to_page.append(page.wait(begun, case.sign.on_page, _PATIENCE_S) - begun)
        mended = time.monotonic()
        case.mend(there)
        times.metrics_back.append(metrics.wait(lambda series: not alarms(series), _PATIENCE_S) - mended)
        times.page_back.append(page.wait(mended, case.sign.gone_from_page, _PATIENCE_S) - mended)
        _say(f"{case.name}, {number + 1} of {runs}: {times.last()}")
    page.close()
    return times


def _noticed(metrics: Metrics, case: Case) -> float:
    def holds(series: Series) -> bool:
        _require(case, series)
        return case.sign.in_metrics(series)

    at = metrics.wait(holds, _PATIENCE_S)
    assert math.isfinite(at), f"{case.name}: not noticed"
    return at


def _hold(metrics: Metrics, case: Case) -> None:
    """Leave it cut for a while: what was noticed stays so, and what must not follow does not."""
    end = time.monotonic() + _HOLD_S
    while time.monotonic() < end and case.lasts:
        series = metrics.read()
        _require(case, series)
        assert case.sign.in_metrics(series), f"{case.name}: no longer told of"
        time.sleep(0.1)


def _require(case: Case, series: Series) -> None:
    for name in case.stays:
        assert series[name] == 1, f"{case.name}: {name} is {series[name]}"


def _settle(metrics: Metrics) -> None:
    """Until everything has been up for a while: the cut before must not be seen in the next."""
    since = time.monotonic()
    limit = since + _PATIENCE_S
    while time.monotonic() - since < _REST_S:
        if bad := alarms(metrics.read()):
            since = time.monotonic()
            assert since < limit, f"not well again: {bad}"
        time.sleep(0.1)


def _quiet(there: Standing, seconds: float) -> list[Figure]:
    """What is told of an office in which nothing happens, on a machine with a busy process for every core."""
    metrics = there.metrics()
    _settle(metrics)
    _say(f"{seconds / 60:g} quiet minutes under load")
    since, looks, seen = dt.datetime.now(dt.UTC), 0, 0
    load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count() or 1)]
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            bad = alarms(metrics.read())
            looks, seen = looks + 1, seen + bool(bad)
            if bad:
                _say(f"false alarm: {', '.join(bad)}")
            time.sleep(0.1)
    finally:
        for process in load:
            process.kill()
            process.wait()
    told = changes(there.port, since)
    for change in told:
        _say(f"told of: {change}")
    return [
        Figure("quiet under load", seconds / 60, "minutes"),
        Figure("looks at the metrics", looks, ""),
        Figure("looks that showed a false alarm", seen, "", 1),
        Figure("changes the watch told of", len(told), "", 1),
    ]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
