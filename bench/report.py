"""How a benchmark reports: a table for people, then one JSON object as the last line."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Figure", "Row", "machine", "measure", "report", "row"]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: seconds, over `runs` runs, beside its target where there is one."""

    name: str
    median_s: float
    min_s: float
    max_s: float
    runs: int
    target_s: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that is no time: a share, a size, a count; `target` is what it must stay below."""

    name: str
    value: float
    unit: str
    target: float | None = None


def measure(work: Callable[[], object], runs: int, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Wall seconds of each of `runs` calls, after one that is not counted; `time.process_time`: of a processor."""
    work()
    seconds = []
    for _ in range(runs):
        start = clock()
        work()
        seconds.append(clock() - start)
    return seconds


def row(name: str, seconds: Sequence[float], target_s: float | None = None) -> Row:
    """Sum up the seconds of several runs."""
    return Row(name, statistics.median(seconds), min(seconds), max(seconds), len(seconds), target_s)


def machine() -> str:
    """The machine a figure was taken on, in one line."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    return f"{os.cpu_count()} x {model}, Linux {platform.release()}, Python {platform.python_version()}"


def report(rows: Sequence[Row], ratios: dict[str, float] | None = None, figures: Sequence[Figure] = ()) -> None:
    """Print the table and the JSON object."""
    name = machine()
    print(name)
    print(f"{'':58} {'median':>10} {'min':>10} {'max':>10} {'runs':>5}  target")
    for r in rows:
        target = "" if r.target_s is None else f"< {_time(r.target_s)} {'met' if r.median_s < r.target_s else 'MISSED'}"
        print(f"{r.name:58} {_time(r.median_s):>10} {_time(r.min_s):>10} {_time(r.max_s):>10} {r.runs:>5}  {target}")
    for label, value in (ratios or {}).items():
        print(f"{label:58} {value:>10.1f} x")
    for f in figures:
        target = "" if f.target is None else f"< {f.target:g} {f.unit} {'met' if f.value < f.target else 'MISSED'}"
        print(f"{f.name:58} {f.value:>10,.6g} {f.unit:28}  {target}".rstrip())
    whole = {
        "machine": name,
        "rows": [asdict(r) for r in rows],
        "ratios": ratios or {},
        "figures": [asdict(f) for f in figures],
    }
    print(json.dumps(whole))


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"
