"""Is an armed device well? Asked over new connections: an old one survives many a rule set that shuts new ones out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from inventory.words import gettext as _
from playbooks.change import Order
from playbooks.drivers.base import Failure, Sections, Status
from playbooks.plan import plan

__all__ = ["Verify"]


@dataclass(frozen=True, slots=True)
class Verify:
    """The expected tunnels are up, and what runs is what was meant. Waits up to `patience` seconds for both."""

    patience: float = 25.0
    pause: float = 0.3
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def __call__(self, order: Order, intended: Sections) -> str | None:
        """None when all is well, else what is not."""
        until = self.clock() + self.patience
        while (fault := self._fault(order, intended)) is not None and self.clock() < until:
            self.sleep(self.pause)
        return fault

    def _fault(self, order: Order, intended: Sections) -> str | None:
        status = order.driver.status()
        if isinstance(status, Failure):
            return str(status)
        if status.armed != order.token:
            return _("the change is no longer in force on the device")
        return self._tunnels(order, status) or self._running(order, intended)

    def _tunnels(self, order: Order, status: Status) -> str | None:
        down = sorted(name for name in order.tunnels if name not in status.tunnels or not status.tunnels[name].up)
        return _("not up: {tunnels}").format(tunnels=", ".join(down)) if down else None

    def _running(self, order: Order, intended: Sections) -> str | None:
        running = order.driver.fetch()
        if isinstance(running, Failure):
            return str(running)
        different = [diff.section for diff in plan(order.device, running.sections, intended).diffs]
        return _("runs otherwise than meant: {sections}").format(sections=", ".join(different)) if different else None
