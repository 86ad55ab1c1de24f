"""What watching and showing cost: /metrics, the page, the processes of a served practice office, and the check.

scripts/bench watched [--seconds 300] [--name bench]
"""

from __future__ import annotations

import argparse
import http.client
import re
import sys
import time

from bench import metrics
from bench.checks import judging
from bench.processes import below, costs
from bench.report import Figure, Row, report, row
from bench.stage import Standing, standing

CORE_PERCENT, MEMORY_MB = 2.0, 120.0
_RUNS = 20
_WARM_S = 90.0
"""By then every device has been read whole once; what is asked seldom, as printers are, comes in five minutes."""


def main() -> None:
    """Measure and print. Needs root."""
    parser = argparse.ArgumentParser(prog="watched")
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--name", default="bench")
    asked = parser.parse_args()
    rows, ratios, figures = metrics.every()
    more, rates = judging()
    rows, figures = rows + more, figures + rates
    with standing(asked.name) as there:
        figures += _processes(there, asked.seconds)
        rows += _page(there)
    report(rows, ratios, figures)


def _processes(there: Standing, seconds: float) -> list[Figure]:
    """Nobody reads the page meanwhile; the first check is over."""
    time.sleep(_WARM_S)
    print(f"looking at the processes for {seconds:g} s", file=sys.stderr, flush=True)
    found = costs(below(there.server), seconds)
    watcher, edge = found["watcher"], found["edge"]
    return [
        Figure("watch: processor", watcher.cpu * 100, "% of one core", CORE_PERCENT),
        Figure("edge: processor, without readers", edge.cpu * 100, "% of one core"),
        Figure("watch: memory (PSS)", watcher.pss_mb, "MB"),
        Figure("edge: memory (PSS)", edge.pss_mb, "MB"),
        Figure("both: memory (PSS)", watcher.pss_mb + edge.pss_mb, "MB", MEMORY_MB),
        Figure("both: memory (RSS, shared pages counted twice)", watcher.rss_mb + edge.rss_mb, "MB"),
    ]


def _page(there: Standing) -> list[Row]:
    """A reader without cache, over one connection."""
    first, whole = [], []
    for _ in range(_RUNS):
        connection = http.client.HTTPConnection("127.0.0.1", there.port, timeout=10)
        begun = time.perf_counter()
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.status == http.HTTPStatus.OK
        page = answer.read(1)
        first.append(time.perf_counter() - begun)
        page += answer.read()
        for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode()):
            connection.request("GET", path)
            connection.getresponse().read()
        whole.append(time.perf_counter() - begun)
        connection.close()
    return [row("page: first byte", first), row("page with all it is made of", whole)]


if __name__ == "__main__":
    main()
