"""Is an armed device well? Asked over new connections: an old one survives many a rule set that shuts new ones out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from inventory.model import Device, Office
from inventory.words import gettext as _
from playbooks.change import Expected, Order
from playbooks.drivers.base import Failure, Status
from playbooks.plan import plan

__all__ = ["Verify", "expected_tunnels"]


@dataclass(frozen=True, slots=True)
class Verify:
    """The expected tunnels are up, and what runs is what was meant. Waits up to `patience` seconds for both."""

    patience: float = 25.0
    pause: float = 0.3
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def __call__(self, order: Order, expected: Expected) -> str | None:
        """None when all is well, else what is not."""
        until = self.clock() + self.patience
        while (fault := self._fault(order, expected)) is not None and self.clock() < until:
            self.sleep(self.pause)
        return fault

    def _fault(self, order: Order, expected: Expected) -> str | None:
        status = order.driver.status()
        if isinstance(status, Failure):
            return str(status)
        if status.armed != order.token:
            return _("the change is no longer in force on the device")
        return _tunnels(expected, status) or self._running(order, expected)

    def _running(self, order: Order, expected: Expected) -> str | None:
        running = order.driver.fetch()
        if isinstance(running, Failure):
            return str(running)
        different = [diff.section for diff in plan(order.device, running.sections, expected.sections).diffs]
        return _("runs otherwise than meant: {sections}").format(sections=", ".join(different)) if different else None


def expected_tunnels(office: Office, device: Device) -> frozenset[str]:
    """The connections a device should have, by the inventory and not by what happens to be up."""
    return frozenset(tunnel.name for tunnel in office.tunnels_of(device.name))


def _tunnels(expected: Expected, status: Status) -> str | None:
    down = sorted(name for name in expected.tunnels if name not in status.tunnels or not status.tunnels[name].up)
    return _("not up: {tunnels}").format(tunnels=", ".join(down)) if down else None
