"""All probes of an office, each asked at its pace, on one event loop."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from inventory.errors import DriverError
from inventory.model import Office
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.probes.base import Gear, Outcome, Probe, Secrets, Target, heard
from monitor.probes.standing import Standing, probe_name
from monitor.probes.table import PROBES
from monitor.readings import OnChange
from monitor.results import ProbeExchange, ProbeKind, ProbeResult, State

__all__ = ["AT_ONCE", "ExpectedProbe", "Rounds", "Ways", "ask_once", "expected_probes", "probe_secrets"]

AT_ONCE = 16
"""Questions under way at a time: bounded memory, and no burst at a small gateway."""

Ways = Mapping[ProbeKind, Callable[[Any, Secrets], Awaitable[Outcome]]]
"""Who asks instead of the kind itself: what needs a way to a device is asked only where there is one."""
_SPREAD = 0.1
_FIRST_S = 3.0
"""The first questions are spread over so many seconds."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExpectedProbe:
    """A probe that the inventory wants."""

    kind: ProbeKind
    target: Target
    ask: Callable[[Secrets], Awaitable[Outcome]]
    gear: Gear[Any] | None = None

    @property
    def name(self) -> str:
        """Kind and target."""
        return probe_name(self.kind, self.target)


def expected_probes(office: Office) -> tuple[ExpectedProbe, ...]:
    """Every probe of an office, in the order of the table."""
    return tuple(each for probe in PROBES for each in _expected(probe, office))


def probe_secrets(office: Office) -> tuple[str, ...]:
    """The references that probes of an office need, sorted."""
    return tuple(sorted({ref for probe in PROBES for ref in probe.secrets(office)}))


async def ask_once(probe: ExpectedProbe, secrets: Secrets, ways: Ways | None = None) -> Outcome:
    """One question, and what came of it. Raises DriverError where it needs a privilege that is missing."""
    if probe.gear is not None:
        probe.gear.prepare()
    try:
        return await _asked(_by(probe, ways or {}), secrets)
    finally:
        if probe.gear is not None:
            probe.gear.close()


class Rounds:
    """Asks until cancelled, and tells `on_change` of each change of a state."""

    def __init__(
        self, probes: Sequence[ExpectedProbe], secrets: Secrets, on_change: OnChange, ways: Ways | None = None
    ) -> None:
        began = dt.datetime.now(dt.UTC)
        self._probes = {probe.name: _by(probe, ways or {}) for probe in probes}
        self._standings = {probe.name: Standing(probe.kind, probe.target, began) for probe in probes}
        self._secrets, self._on_change = secrets, on_change
        self._random = random.Random()  # noqa: S311  spreads questions in time, hides nothing
        self._slots = asyncio.Semaphore(AT_ONCE)

    def prepare(self) -> None:
        """Open what some kinds need privileges for, each that can be. Raises DriverError with the first that cannot."""
        problems = []
        for gear in self._gear():
            try:
                gear.prepare()
            except DriverError as error:
                problems.append(error)
        if problems:
            raise problems[0]

    async def run(self) -> None:
        """Ask until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for probe in self._probes.values():
                    tasks.create_task(self._follow(probe))
        finally:
            for gear in self._gear():
                gear.close()

    def results(self) -> tuple[ProbeResult, ...]:
        """How each stands now."""
        now = time.monotonic()
        return tuple(standing.result(now) for standing in self._standings.values())

    def exchanges(self, name: str) -> tuple[Sequence[ProbeExchange], Sequence[ProbeExchange]] | None:
        """The last exchanges of a probe and the last that failed, newest first; None for an unknown name."""
        standing = self._standings.get(name)
        return None if standing is None else standing.exchanges()

    def _gear(self) -> list[Gear[Any]]:
        """Each once: a kind has it for all its targets."""
        return list({id(probe.gear): probe.gear for probe in self._probes.values() if probe.gear is not None}.values())

    async def _follow(self, probe: ExpectedProbe) -> None:
        standing = self._standings[probe.name]
        await asyncio.sleep(self._random.uniform(0.0, min(_FIRST_S, probe.target.pace.period_s)))
        while True:
            begun = time.monotonic()
            async with self._slots:
                outcome = await _asked(probe, self._secrets)
            if standing.take(outcome, time.monotonic(), dt.datetime.now(dt.UTC)):
                self._on_change()
            spread = 1.0 if probe.target.pace.own else self._random.uniform(1.0 - _SPREAD, 1.0 + _SPREAD)
            await asyncio.sleep(max(0.0, begun + standing.wait_s() * spread - time.monotonic()))


async def _asked(probe: ExpectedProbe, secrets: Secrets) -> Outcome:
    """One question. What goes wrong in the probe itself is no news of the target."""
    try:
        async with asyncio.timeout(probe.target.pace.timeout_s):
            return await probe.ask(secrets)
    except TimeoutError:
        cause = say(N_("no answer within {seconds} s"), seconds=f"{probe.target.pace.timeout_s:g}")
        return Outcome(state=State.DOWN, cause=cause, sent=probe.target.where)
    except OSError as error:
        cause = say(N_("no answer: {why}"), why=heard(error.strerror or str(error) or type(error).__name__))
        return Outcome(state=State.DOWN, cause=cause, sent=probe.target.where)
    except Exception as error:  # noqa: BLE001  whatever it is: the other probes must go on, and it is said
        _log.exception("probe %s went wrong by itself", probe.name)
        cause = say(N_("the probe itself went wrong: {what}"), what=type(error).__name__)
        return Outcome(state=State.UNKNOWN, cause=cause, sent=probe.target.where)


def _expected(probe: Probe[Any], office: Office) -> Iterator[ExpectedProbe]:
    gear: Gear[Any] | None = None
    if isinstance(probe.ask, type):
        gear = probe.ask()
        ask = gear.ask
    else:
        ask = probe.ask
    for target in probe.targets(office):
        yield ExpectedProbe(probe.kind, target, _asking(ask, target), gear)


def _by(probe: ExpectedProbe, ways: Ways) -> ExpectedProbe:
    way = ways.get(probe.kind)
    return probe if way is None else replace(probe, ask=partial(way, probe.target))


def _asking(
    ask: Callable[[Any, Secrets], Awaitable[Outcome]], target: Target
) -> Callable[[Secrets], Awaitable[Outcome]]:
    return lambda secrets: ask(target, secrets)
