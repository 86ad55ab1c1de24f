"""A work process over devices in memory, which kills itself where it is told to.

    python -m tests.api.work.worker STATE SOCKET [--die POINT] [--executor NAME] [--silence S] [--ledger URL] [--engine URL]

It ends when every plan has. A point is a moment before or after something is done outside the process: a device is
asked, the ledger is read or written. They are counted from 1; at the end their number is printed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.chain import Deed, Entry
from api.desk.context import Context
from api.plans.model import ENDED, PlanState
from api.plans.shelf import PLANS
from api.settings import Settings
from api.store.ledger import Ledger, Put
from api.work.service import Service, Wishes
from inventory.load import load
from inventory.secrets import SecretStore
from tests.api.work.fleet import reach
from tests.api.work.plans import NOW

PILA = Path(__file__).parents[3] / "inventory/examples/pila"


class Fuse:
    """Counts the points, and burns down at one of them."""

    def __init__(self, point: int) -> None:
        self._point, self._count, self._lock = point, itertools.count(1), threading.Lock()
        self.passed = 0

    def point(self) -> None:
        """One more."""
        with self._lock:
            self.passed = next(self._count)
            if self.passed == self._point:
                os.kill(os.getpid(), signal.SIGKILL)


class Device:
    """A driver with a point before and after each call."""

    def __init__(self, proxy: Any, fuse: Fuse) -> None:
        self._proxy, self._fuse = proxy, fuse

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        def call(*words: object) -> Any:
            self._fuse.point()
            answer = getattr(self._proxy, verb)(*words)
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

    def tell(self, subject: str, line: str, *, alone: bool = False) -> None:
        """As it is, after a point when it is a change's."""
        if subject.startswith("change "):
            self.fuse.point()
        super().tell(subject, line, alone=alone)


def main() -> None:
    """Work until every plan has ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("state", type=Path)
    parser.add_argument("socket", type=Path)
    parser.add_argument("--die", type=int, default=0)
    parser.add_argument("--executor", default="work")
    parser.add_argument("--ledger", default="")
    parser.add_argument("--engine", default="")
    parser.add_argument("--silence", type=float, default=60.0)
    asked = parser.parse_args()
    fuse = Fuse(asked.die)
    settings = Settings.from_environ({"FOSA_STATE": str(asked.state), "FOSA_EXECUTOR": asked.executor})
    settings = replace(settings, ledger=asked.ledger or settings.ledger, work_store=asked.engine or settings.work_store)
    ledger = FusedLedger(settings.ledger)
    ledger.fuse = fuse
    ledger.migrate()
    devices = reach(asked.socket)
    office = load(PILA).require()
    context = Context(
        settings,
        office,
        ledger,
        SecretStore(PILA),
        lambda device: Device(devices.device(device.name), fuse),  # type: ignore[arg-type,return-value]  every verb
        lambda: NOW,
        asked.state,
    )
    service = Service(lambda: context, Wishes(due=_approved), silence_s=asked.silence)
    service.start()
    while not all(kept.value.state in ENDED for kept in ledger.list(PLANS)):
        time.sleep(0.02)
    service.close(5)
    print(fuse.passed, flush=True)


def _approved(context: Context) -> tuple[str, ...]:
    waiting = context.ledger.list(PLANS, states=[PlanState.APPROVED])
    return tuple(sorted(kept.key for kept in waiting))


if __name__ == "__main__":
    main()
