"""What processes cost: seconds of a processor and memory, as the kernel counts them."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Cost", "below", "costs", "cpu_seconds"]

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_MB = 1024 / 1e6


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one process over a while: share of one core, and memory at the end of it."""

    cpu: float
    rss_mb: float
    """All pages that are in memory, those shared with other processes counted whole."""
    pss_mb: float
    """The same, those shared with n processes counted as an n-th: what adds up."""


def below(server: int) -> dict[str, int]:
    """The processes a supervisor has started, by the name of the module they run: `watcher`, `edge`."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="utf-8").split()
    words = {int(pid): Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0") for pid in children}
    return {line[line.index("-m") + 1].rpartition(".")[2]: pid for pid, line in words.items() if "-m" in line}


def costs(processes: dict[str, int], seconds: float) -> dict[str, Cost]:
    """What each of them costs over so many seconds."""
    before = {name: cpu_seconds(pid) for name, pid in processes.items()}
    begun = time.monotonic()
    time.sleep(seconds)
    took = time.monotonic() - begun
    return {name: _cost(pid, (cpu_seconds(pid) - before[name]) / took) for name, pid in processes.items()}


def cpu_seconds(pid: int) -> float:
    """User and system time of all its threads; the fields follow the name, which may hold anything."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def _cost(pid: int, cpu: float) -> Cost:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    kilobytes = {name: int(size) for name, size in re.findall(r"^(\w+): +(\d+) kB$", text, re.MULTILINE)}
    return Cost(cpu, kilobytes["Rss"] * _MB, kilobytes["Pss"] * _MB)
