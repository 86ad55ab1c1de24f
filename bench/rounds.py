"""Whole rounds of fosa's own poller over many switches, in a process of its own, whose memory is then its own, too."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from multiprocessing import get_context
from pathlib import Path

from bench.fastagent import KEYS
from bench.walkers import own_cpu_s, poll_of
from inventory.model import SnmpVersion
from monitor.results import State
from monitor.snmp.expected import Manner, Way
from monitor.snmp.model import Polled
from monitor.snmp.poller import Poller
from monitor.sweeping import sweep_seldom

__all__ = ["Course", "Round", "rounds"]

_MANNER = Manner(period_s=60.0, timeout_s=2.0, poll_s=25.0, repetitions=25, most_repetitions=50, rate=None)
"""As the inventory's switches are asked (`monitor.snmp.expected`)."""
_AGAIN_S = 5.1
"""Who is poked is not polled again sooner."""
_LOOKS = 200


@dataclass(frozen=True, slots=True)
class Round:
    """One round, from the first question to the last device's figures, or until its time was over."""

    seconds: float
    cpu_s: float
    """Of the process."""
    polls: int
    missing: int
    """Devices that were not polled in time, or did not answer."""
    descriptors: int
    """Open at a time, the most that was seen."""
    peak_mb: float
    """Of the process, until then."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a poller is measured."""

    way: Way
    count: int
    """Rounds. In the first everything is asked for, later what changes."""
    patience_s: float
    """For one of them."""


def rounds(addresses: Sequence[IPv4Address], port: int, course: Course) -> list[Round]:
    """Those of switches at one port, version 3."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_rounds, tuple(addresses), port, course).result()


def _rounds(addresses: Sequence[IPv4Address], port: int, course: Course) -> list[Round]:
    sweep_seldom()  # as the watch does
    return asyncio.run(_Rounds(addresses, port, course).run())


class _Rounds:
    def __init__(self, addresses: Sequence[IPv4Address], port: int, course: Course) -> None:
        self._course, manner = course, replace(_MANNER, way=course.way)
        polls = [poll_of(address, port, SnmpVersion.V3, manner) for address in addresses]
        self._poller = Poller(polls, KEYS, self._polled, lambda _tunnel: True)
        self._names = frozenset(poll.device for poll in polls)
        self._missing: set[str] = set()
        self._all = asyncio.Event()
        self._polls = self._descriptors = 0

    async def run(self) -> list[Round]:
        found, polling = [], asyncio.create_task(self._poller.run())
        for number in range(self._course.count):
            self._missing, self._polls = set(self._names), 0
            self._all.clear()
            begun, cpu = time.perf_counter(), own_cpu_s()
            for device in self._names if number else ():
                self._poller.poke(device)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._course.patience_s):
                    await self._all.wait()
            found.append(self._round(time.perf_counter() - begun, own_cpu_s() - cpu))
            await asyncio.sleep(_AGAIN_S)
        polling.cancel()
        return found

    def _polled(self, _before: Polled, polled: Polled) -> None:
        self._polls += 1
        if self._polls % _LOOKS == 1:
            self._descriptors = max(self._descriptors, sum(1 for _ in Path("/proc/self/fd").iterdir()))
        self._missing.discard(polled.device)
        if not self._missing:
            self._all.set()

    def _round(self, seconds: float, cpu_s: float) -> Round:
        silent = {polled.device for polled in self._poller.polled() if polled.state is not State.UP}
        return Round(seconds, cpu_s, self._polls, len(silent | self._missing), self._descriptors, _peak_mb())


def _peak_mb() -> float:
    found = re.search(r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024 / 1e6
