"""From a cut to `/metrics` and to the page, and back, in a practice office; then a quiet time under load.

scripts/bench cuts [--runs 5] [--quiet-minutes 10] [--name cuts]
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.readers import Fragments, Metrics, Page, Series, alarms, changes
from bench.report import Figure, report, row
from bench.stage import Standing, standing

OFFICE, TUNNEL, HUB, SPOKE, LINE = "pila", "k-b", "gw-k", "gw-b", "k-isp1"
TO_METRICS_S, TO_PAGE_S = 1.0, 2.0
_PATIENCE_S = 90.0
_REST_S = 4.0
_HOLD_S = 4.0
_TABLE = "inet fosa_bench"

Act = Callable[[Standing], None]


@dataclass(frozen=True, slots=True)
class Sign:
    """What tells that a cut was noticed: a series and its value, and what stands on the page."""

    series: str
    value: float
    fragment: str
    """The part of the page."""
    drawn: Callable[[str], re.Pattern[str]]
    """What it looks like there in a state."""
    state: str

    def in_metrics(self, series: Series) -> bool:
        """Whether the metrics say so."""
        return series.get(self.series) == self.value

    def on_page(self, fragments: Fragments) -> bool:
        """Whether what the page was sent says so."""
        return self._shows(fragments, self.state)

    def gone_from_page(self, fragments: Fragments) -> bool:
        """Whether what the page was sent says that all is well again."""
        return self._shows(fragments, "up")

    def _shows(self, fragments: Fragments, state: str) -> bool:
        return self.drawn(state).search(fragments.get(self.fragment, "")) is not None


@dataclass(frozen=True, slots=True)
class Case:
    """A way to cut, how it is mended, and what tells."""

    name: str
    cut: Act
    mend: Act
    sign: Sign
    stays: tuple[str, ...] = ()
    """Series that must stay 1: a lost reading is no lost tunnel."""


@dataclass(slots=True)
class Times:
    """Seconds of every run of a case."""

    to_metrics: list[float] = field(default_factory=list)
    to_page: list[float] = field(default_factory=list)
    metrics_back: list[float] = field(default_factory=list)
    page_back: list[float] = field(default_factory=list)

    def last(self) -> str:
        """The last run in words."""
        told, back = (self.to_metrics, self.to_page), (self.metrics_back, self.page_back)
        words = [f"metrics {metrics[-1]:.2f} s, page {page[-1]:.2f} s" for metrics, page in (told, back)]
        return "; back: ".join(words)


def _up(metric: str, **labels: str) -> str:
    pairs = {"office": OFFICE, **labels}.items()
    return metric + "{" + ",".join(f'{label}="{value}"' for label, value in pairs) + "}"


def _row(name: str) -> Callable[[str], re.Pattern[str]]:
    """A row of a table of the page with this name."""
    return lambda state: re.compile(rf'<tr [^>]*class="{state}">\s*<th [^>]*><span class="main">{name}[ <]')


def _end(tunnel: str, device: str) -> Callable[[str], re.Pattern[str]]:
    """An end in a tunnel's row."""
    within = (
        rf'<details id="tunnel-{tunnel}">(?:(?!<details).)*<svg class="sign %s [^>]*>(?:(?!<svg).)*</svg> *{device}:'
    )
    return lambda state: re.compile(within % state, re.DOTALL)


_TUNNEL_UP = _up("fosa_tunnel_up", tunnel=TUNNEL)
_DOWN = Sign(_TUNNEL_UP, 0, "tunnels", _row(TUNNEL), "down")


def _kill(signal: str) -> Act:
    return lambda there: there.device(SPOKE, "sh", "-c", f'kill -{signal} "$(cat /run/fosa-lab/strongswan.pid)"')


def _start(there: Standing) -> None:
    there.device(SPOKE, "systemctl", "start", "strongswan")


def _dropped(match: str, *devices: str) -> Act:
    """Drop what comes in at these gateways, before fosa's own rules."""
    hook = "type filter hook prerouting priority -500"
    ruleset = f"table {_TABLE} {{\nchain in {{\n{hook}\n{match} drop\n}}\n}}\n"

    def act(there: Standing) -> None:
        for device in devices:
            there.device(device, "nft", ruleset)

    return act


def _let_through(*devices: str) -> Act:
    def act(there: Standing) -> None:
        for device in devices:
            there.device(device, "nft", f"delete table {_TABLE}")

    return act


CASES = (
    Case(f"charon of {SPOKE} stopped", _kill("TERM"), _start, _DOWN),
    Case(f"charon of {SPOKE} killed", _kill("KILL"), _start, _DOWN),
    Case(f"line of {SPOKE} down", lambda t: t.line(SPOKE, "down"), lambda t: t.line(SPOKE, "up"), _DOWN),
    Case(
        f"line of {HUB} down, as a line",
        lambda t: t.line(HUB, "down"),
        lambda t: t.line(HUB, "up"),
        Sign(_up("fosa_link_up", link=LINE, kind="wan"), 0, "lines", _row(LINE), "down"),
    ),
    Case("UDP 4500 swallowed", _dropped("udp dport 4500", HUB, SPOKE), _let_through(HUB, SPOKE), _DOWN),
    Case(
        f"management of {SPOKE} lost",
        _dropped("tcp dport 22", SPOKE),
        _let_through(SPOKE),
        Sign(
            _up("fosa_tunnel_state", tunnel=TUNNEL, end=SPOKE, state="unknown"),
            1,
            "tunnels",
            _end(TUNNEL, SPOKE),
            "unknown",
        ),
        (_TUNNEL_UP,),
    ),
)


def main() -> None:
    """Measure and print. Needs root."""
    parser = argparse.ArgumentParser(prog="cuts")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--quiet-minutes", type=float, default=10)
    parser.add_argument("--name", default="cuts")
    asked = parser.parse_args()
    with standing(asked.name) as there:
        times = {case.name: _measured(there, case, asked.runs) for case in CASES}
        quiet = _quiet(there, asked.quiet_minutes * 60) if asked.quiet_minutes else []
    rows = []
    for name, taken in times.items():
        rows.append(row(f"{name}: to metrics", taken.to_metrics, TO_METRICS_S))
        rows.append(row(f"{name}: to page", taken.to_page, TO_PAGE_S))
        rows.append(row(f"{name}: mended, all up in metrics", taken.metrics_back))
        rows.append(row(f"{name}: mended, up on page", taken.page_back))
    report(rows, figures=quiet)


def _measured(there: Standing, case: Case, runs: int) -> Times:
    times, metrics, page = Times(), there.metrics(), Page(there.port)
    for number in range(runs):
        _settle(metrics)
        begun = time.monotonic()
        case.cut(there)
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
    while time.monotonic() < end:
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
    return [
        Figure("quiet under load", seconds / 60, "minutes"),
        Figure("looks at the metrics", looks, ""),
        Figure("looks that showed a false alarm", seen, "", 1),
        Figure("changes the watch told of", changes(there.port, since), "", 1),
    ]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
