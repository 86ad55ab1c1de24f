"""Probes and polls of fosa's own watch, asked every few seconds instead of at their own pace, on the manager's host.

Nobody waits an hour in a table of faults. How long it takes at their own pace is worked out from it.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread

from sight import Sight, sight

from bench.readers import series_of
from inventory.load import load
from inventory.secrets import SecretStore
from inventory.sentence import say
from lab import namespace
from monitor.expected import unwatched
from monitor.exporter import exposition
from monitor.probes.base import Outcome
from monitor.probes.rounds import ExpectedProbe, Rounds, expected_probes
from monitor.probes.standing import Standing
from monitor.results import ProbeKind, State
from monitor.snmp.expected import expected_polls
from monitor.snmp.model import Polled
from monitor.snmp.polling import Polling, Told, Wanted
from monitor.snmp.texts import DeviceTexts
from monitor.watch import WAYS, read_keys

__all__ = ["EVERY_S", "Hurried", "hurried"]

EVERY_S = 3.0
_SLOW = frozenset({ProbeKind.IKE, ProbeKind.EXPOSURE, ProbeKind.PUBLIC_ADDRESS})
"""Whose questions are many, or concern what no row breaks."""
_VARIED = 1.1
"""A pace varies by a tenth where the far end is not ours."""


class Hurried:
    """Begun anew it remembers nothing."""

    def __init__(self, folder: Path, manager: str, devices: frozenset[str]) -> None:
        """`folder`: the inventory's; `manager`: the name of its network; `devices`: those that are polled."""
        self._office = load(folder).require()
        self._keys = read_keys(self._office, SecretStore(folder))
        self._manager, self._devices = manager, devices
        self._probes: tuple[ExpectedProbe, ...] = ()
        self._polled: dict[str, Polled] = {}
        self._rounds: Rounds | None = None
        self._thread: Thread | None = None
        self._stop: Callable[[], object] = lambda: None

    def begin(self) -> None:
        """Ask until `end`."""
        self._probes = tuple(each for each in expected_probes(self._office) if each.kind not in _SLOW)
        self._polled.clear()
        self._rounds = None
        self._thread = Thread(target=self._run)
        self._thread.start()

    def end(self) -> None:
        """Ask no more. May be repeated."""
        if self._thread is not None:
            self._stop()
            self._thread.join()
        self._thread = None

    def sight(self) -> Sight:
        """How probes and polled devices stand, by the text that fosa would export."""
        watched = unwatched(self._office, dt.datetime.now(dt.UTC))
        results = () if self._rounds is None else self._rounds.results()
        text = exposition(watched.model_copy(update={"probes": results}), 0.0, None, version="0", store_up=True)
        devices = DeviceTexts(self._office, tuple(self._polled.values())).lines(dt.datetime.now(dt.UTC))
        found = sight(series_of(text + b"".join(devices["fosa_device_state"]).decode()))
        return {
            subject: stand
            for subject, stand in found.items()
            if subject.startswith("probe:") or subject.removeprefix("device:") in self._devices
        }

    def cause(self, subject: str) -> str:
        """In words."""
        kind, _colon, name = subject.partition(":")
        if kind == "device":
            return str(self._polled[name].cause) if name in self._polled else ""
        results = () if self._rounds is None else self._rounds.results()
        return next((str(each.cause) for each in results if each.name == name), "")

    def knows(self, subject: str) -> bool:
        """Whether it is asked here."""
        kind, _colon, name = subject.partition(":")
        return name in self._devices if kind == "device" else any(each.name == name for each in self._probes)

    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """Probe -> what it speaks of."""
        return {f"probe:{each.name}": (each.target.subject,) for each in self._probes}

    def own_pace_s(self, subject: str) -> float | None:
        """How long a fault takes to the metrics at most, when nobody hurries; None for what is not hurried."""
        kind, _colon, name = subject.partition(":")
        if kind == "device":
            polls = (each.manner for each in expected_polls(self._office) if each.device == name)
            return next((each.period_s + each.poll_s for each in polls if name in self._devices), None)
        return next((_at_own_pace(each) for each in self._probes if each.name == name), None)

    def _run(self) -> None:
        namespace.enter(namespace.path(self._manager))
        asyncio.run(self._ask())

    async def _ask(self) -> None:
        self._rounds = Rounds(tuple(map(_in_a_hurry, self._probes)), self._keys.probes, lambda: None, WAYS)
        self._rounds.prepare()
        polls = [
            replace(poll, manner=replace(poll.manner, period_s=EVERY_S))
            for poll in expected_polls(self._office)
            if poll.device in self._devices
        ]
        polling = Polling(
            Wanted(polls, self._keys.snmp, traps=False), Told(self._take, lambda _events: None), lambda _tunnel: True
        )
        task, loop = (
            asyncio.ensure_future(asyncio.gather(self._rounds.run(), polling.run())),
            asyncio.get_running_loop(),
        )
        self._stop = partial(loop.call_soon_threadsafe, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.5)  # the pipes of a child that was killed just then are closed a moment later

    def _take(self, polled: Polled) -> None:
        self._polled[polled.device] = polled


def _in_a_hurry(probe: ExpectedProbe) -> ExpectedProbe:
    """No more patient with failures, and believed as late."""
    pace = replace(probe.target.pace, period_s=EVERY_S, own=True, again_s=None)
    return replace(probe, target=replace(probe.target, pace=pace))


def _at_own_pace(probe: ExpectedProbe) -> float:
    """Just missed, and then seen as often as must be to be believed."""
    at = dt.datetime.now(dt.UTC)
    standing, pace = Standing(probe.kind, probe.target, at), probe.target.pace
    seconds, state = 0.0, State.UP
    while True:
        changed = standing.take(Outcome(state=state, cause=say("tried"), sent=""), seconds, at)
        if changed and state is State.DOWN:
            return seconds + pace.timeout_s
        state = State.DOWN
        seconds += standing.wait_s() * (1.0 if pace.own else _VARIED)


@contextmanager
def hurried(folder: Path, manager: str, devices: frozenset[str]) -> Iterator[Hurried]:
    """Begin, and end afterwards."""
    asked = Hurried(folder, manager, devices)
    asked.begin()
    try:
        yield asked
    finally:
        asked.end()
