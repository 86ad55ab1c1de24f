"""A work process over devices in memory, which kills itself where it is told to.

A point is a moment before or after something is done outside the process: a device is asked, the ledger is written, a
line is told. They are counted from 1.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, cast

from api.chain import Deed, Entry
from api.desk.context import Context
from api.plans.model import ENDED, PlanState
from api.plans.shelf import PLANS
from api.settings import Settings
from api.store.ledger import Ledger, Put
from api.work.service import Service, Wishes
from inventory.load import load
from inventory.model import Device as Named
from inventory.secrets import SecretStore
from playbooks.drivers.base import Driver
from tests.api.work.fleet import reach
from tests.api.work.wall import Wall

PILA = Path(__file__).parents[3] / "inventory/examples/pila"


@dataclass(frozen=True, slots=True)
class Leap:
    """The clock on the wall is set by so many seconds."""

    point: int = 0
    """At which point; 0: before anything is done."""
    seconds: float = 0.0


class Fuse:
    """Counts the points, and burns down at one of them; at another the clock on the wall is set."""

    def __init__(self, point: int, wall: Wall, leap: Leap) -> None:
        self._point, self._count, self._lock = point, itertools.count(1), threading.Lock()
        self._wall, self._leap = wall, leap
        self.passed = 0

    def point(self) -> None:
        """One more."""
        with self._lock:
            self.passed = next(self._count)
            if self.passed == self._leap.point:
                self._wall.ahead_s += self._leap.seconds
            if self.passed == self._point:
                os.kill(os.getpid(), signal.SIGKILL)


class Device:
    """A driver with a point before and after each call."""

    def __init__(self, driver: Driver, fuse: Fuse) -> None:
        self._driver, self._fuse = driver, fuse

    def hold(self) -> Device:
        return self

    def let_go(self) -> None:
        """There is no connection to close."""

    def __getattr__(self, verb: str) -> Callable[..., object]:
        def call(*words: object) -> object:
            self._fuse.point()
            answer = getattr(self._driver, verb)(*words)
            self._fuse.point()
            return answer

        return call


class FusedLedger(Ledger):
    """A ledger with a point before and after what a change writes and tells."""

    fuse: Fuse

    def write(self, deed: Deed, puts: Sequence[Put[Any]] = ()) -> Entry:
        """As it is, between two points when it is a change's."""
        if not deed.action.startswith("change."):
            return super().write(deed, puts)
        self.fuse.point()
        entry = super().write(deed, puts)
        self.fuse.point()
        return entry

    def tell(self, subject: str, *lines: str, alone: bool = False) -> None:
        """As it is, after a point when it is a change's."""
        if subject.startswith("change "):
            self.fuse.point()
        super().tell(subject, *lines, alone=alone)


@dataclass(frozen=True, slots=True)
class Shift:
    """What a worker is to do: to go on with what there is until every plan has ended, or until it dies."""

    state: Path
    socket: Path
    die: int = 0
    """At which point; 0: nowhere."""
    leap: Leap = Leap()
    executor: str = "work"
    ledger: str = ""
    engine: str = ""
    silence_s: float = 60.0


def begin(shift: Shift) -> BaseProcess:
    """Start a worker. Its exit code is the points it passed, 255 at most; minus SIGKILL when it died."""
    context = multiprocessing.get_context("forkserver")
    # What takes a second to import is imported once.
    context.set_forkserver_preload(["__main__", "dbos", "tests.api.work.worker"])
    process = context.Process(target=_work, args=(shift,), daemon=True)
    process.start()
    return process


def _work(shift: Shift) -> None:
    wall = Wall(shift.leap.seconds if shift.leap.point == 0 else 0.0)
    wall.hang_up()
    fuse = Fuse(shift.die, wall, shift.leap)
    context = _context(shift, fuse, wall)
    service = Service(lambda: context, Wishes(due=_approved), silence_s=shift.silence_s)
    service.start()
    while not all(kept.value.state in ENDED for kept in context.ledger.list(PLANS)):
        time.sleep(0.02)
    service.close(5)
    os._exit(min(fuse.passed, 255))


def _context(shift: Shift, fuse: Fuse, wall: Wall) -> Context:
    settings = Settings.from_environ({"FOSA_STATE": str(shift.state), "FOSA_EXECUTOR": shift.executor})
    settings = replace(settings, ledger=shift.ledger or settings.ledger, work_store=shift.engine or settings.work_store)
    ledger = FusedLedger(settings.ledger, clock=wall)
    ledger.fuse = fuse
    devices = reach(shift.socket)

    def driver(device: Named) -> Driver:
        return cast(Driver, Device(devices(device.name), fuse))

    return Context(settings, load(PILA).require(), ledger, SecretStore(PILA), driver, wall, shift.state)


def _approved(context: Context) -> tuple[str, ...]:
    waiting = context.ledger.list(PLANS, states=[PlanState.APPROVED])
    return tuple(sorted(kept.key for kept in waiting))
