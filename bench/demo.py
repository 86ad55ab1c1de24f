"""The practice office from nothing: start to tunnels, first push, push with nothing to do, the whole demo."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from bench.report import report, row

FOSA = Path(sys.executable).parent / "fosa"
RUNS = 3
LAB = "bench"


def main() -> None:
    """Measure and print. Needs root."""
    seconds: dict[str, list[float]] = {}
    for _ in range(RUNS):
        start = time.perf_counter()
        done = subprocess.run(
            [str(FOSA), "demo", "--once", "--json", "--name", LAB], check=True, capture_output=True, text=True
        )
        seconds.setdefault("whole demo --once, with its checks", []).append(time.perf_counter() - start)
        for name, value in json.loads(done.stdout)["seconds"].items():
            seconds.setdefault(name, []).append(value)
    targets = {"start to tunnels up": 40.0}
    report([row(name, values, targets.get(name)) for name, values in seconds.items()])


if __name__ == "__main__":
    main()
