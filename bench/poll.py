"""Polling, measured: the walk of interface tables by fosa and by others in one run, and whole rounds of many devices.

scripts/bench poll [--turns 5] [--devices 10000]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from statistics import median

from bench.exporters import exporting
from bench.fastagent import ALGORITHMS, CELLS, PORTS, Agents, switched_on
from bench.report import Figure, Row, report, row
from bench.rounds import Course, Round, rounds
from bench.walkers import ROWS, Run, Walker, fosa, pysnmp
from inventory.model import SnmpVersion
from monitor.snmp import fast
from monitor.snmp.expected import Way

_VERSIONS = {SnmpVersion.V2C: "v2c", SnmpVersion.V3: f"v3 {ALGORITHMS}"}
_TARGETS = {f"fosa, {Way.PUBLIC.value}": 1 / 100, f"fosa, {Way.QUICK.value}": 1 / 400}
"""Seconds of a processor for one device."""
_MOST_ROWS = 50
_OFFICE, _OFFICE_S = 200, 1.0
_MANY_S = 60.0
_PATIENCE_S = 75.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="poll")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--devices", type=int, default=10_000)
    asked = parser.parse_args()
    if (cause := fast.hindrance()) is not None:
        print(f"the quick way cannot be gone, so that both are the public one: {cause}", file=sys.stderr)
    rows: list[Row] = []
    ratios: dict[str, float] = {}
    figures = [
        Figure("cells of one walk", CELLS, f"({PORTS} ports)"),
        Figure("rows asked for at once, where nothing else is said", ROWS, ""),
        Figure("load of the machine before", os.getloadavg()[0], "processes"),
    ]
    with switched_on(max(asked.devices, _OFFICE)) as agents:
        for version in _VERSIONS:
            walked = _walked(agents, version, asked.turns)
            rows += _rows(version, walked)
            ratios |= _ratios(version, walked)
            figures += _figures(version, walked)
        for more, sizes in (*(_office(agents, way) for way in Way), _many(agents, asked.devices)):
            rows += more
            figures += sizes
    report(rows, ratios, figures)


# ---- The walk, by turns ----------------------------------------------------------------------------------------------


def _walked(agents: Agents, version: SnmpVersion, turns: int) -> dict[str, list[Run]]:
    """The runs of each, taking turns, so that a slow minute hits all of them; the first turn is not counted."""
    with exporting() as exporter:
        walkers: Sequence[Walker] = (
            fosa(version, Way.QUICK, 100),
            fosa(version, Way.QUICK, 100, _MOST_ROWS),
            fosa(version, Way.PUBLIC, 50),
            pysnmp(version, 4),
            exporter.walker(version, 16),
        )
        found: dict[str, list[Run]] = {walker.name: [] for walker in walkers}
        for turn in range(turns + 1):
            for walker in walkers:
                before = agents.asked()
                run = walker.walk(agents, walker.devices)
                answered = agents.asked().bindings - before.bindings
                assert answered >= CELLS * run.devices, f"{walker.name}: {answered} cells"
                if turn:
                    found[walker.name].append(run)
    return found


def _rows(version: SnmpVersion, walked: dict[str, list[Run]]) -> Iterable[Row]:
    for name, runs in walked.items():
        of = f"{name}, {_VERSIONS[version]}"
        yield row(f"{of}: one device of many", [run.wall_s / run.devices for run in runs])
        yield row(f"{of}: processor, a device", [run.cpu_s / run.devices for run in runs], _TARGETS.get(name))


def _ratios(version: SnmpVersion, walked: dict[str, list[Run]]) -> dict[str, float]:
    ours, *others = walked
    return {
        f"{_VERSIONS[version]}: processor, {other} / {ours}": _cpu_s(walked[other]) / _cpu_s(walked[ours])
        for other in others
    }


def _figures(version: SnmpVersion, walked: dict[str, list[Run]]) -> Iterable[Figure]:
    for name, runs in walked.items():
        of = f"{name}, {_VERSIONS[version]}: devices"
        yield Figure(of, median(run.devices / run.wall_s for run in runs), "a second")
        yield Figure(of, 1 / _cpu_s(runs), "a second of one core")


def _cpu_s(runs: Sequence[Run]) -> float:
    return median(run.cpu_s / run.devices for run in runs)


# ---- Rounds ----------------------------------------------------------------------------------------------------------


def _office(agents: Agents, way: Way) -> tuple[list[Row], list[Figure]]:
    name = f"{_OFFICE} devices, v3, {way.value}"
    first, *later = rounds(agents.addresses[:_OFFICE], agents.port, Course(way, 4, _PATIENCE_S))
    rows = [
        row(f"{name}: first round, everything", [first.seconds]),
        row(f"{name}: a later round", [one.seconds for one in later], _OFFICE_S),
        row(f"{name}: processor, a later round", [one.cpu_s for one in later]),
    ]
    return rows, list(_sizes(name, later[-1]))


def _many(agents: Agents, devices: int) -> tuple[list[Row], list[Figure]]:
    name = f"{devices:,} devices, v3, {Way.QUICK.value}"
    first, second = rounds(agents.addresses[:devices], agents.port, Course(Way.QUICK, 2, _PATIENCE_S))
    rows = [
        row(f"{name}: first round, everything", [first.seconds], _MANY_S),
        row(f"{name}: processor, first round", [first.cpu_s]),
        row(f"{name}: a later round", [second.seconds], _MANY_S),
        row(f"{name}: processor, a later round", [second.cpu_s * devices / second.polls]),
    ]
    return rows, list(_sizes(name, second))


def _sizes(name: str, last: Round) -> Iterable[Figure]:
    yield Figure(f"{name}: not polled in {_PATIENCE_S:g} s", last.missing, "devices", 1)
    yield Figure(f"{name}: descriptors, at most", last.descriptors, "")
    yield Figure(f"{name}: memory, at most", last.peak_mb, "MB")


if __name__ == "__main__":
    main()
