"""Is an armed device well? Asked over new connections: an old one survives many a rule set that shuts new ones out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from inventory.model import Device, Office
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import Driver, Failure, FailureKind, Sections, Staged, Status
from playbooks.order import Fault, Order, Ready
from playbooks.plan import digests
from playbooks.reasons import fault

__all__ = ["Verify", "expected_tunnels"]


def _unjudged(_device: str, _sections: Sections) -> Sentence | None:
    return None


@dataclass(frozen=True, slots=True)
class Verify:
    """The expected tunnels are up, what runs is what was meant. Waits up to `patience` seconds for all of it."""

    patience: float = 25.0
    pause: float = 0.3
    judge: Callable[[str, Sections], Sentence | None] = _unjudged
    """Why a device's sections are worse than what ran before; None when they are not."""
    stop: Callable[[], bool] = lambda: False
    """Whether waiting is in vain, because the change is stopped anyway."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def before(self, _driver: Driver, order: Order, staged: Staged) -> Ready:
        """What is true of a device before the change, and must be true afterwards."""
        up = frozenset(name for name, tunnel in staged.tunnels.items() if tunnel.up)
        return Ready(changed=True, intended=digests(staged.sections), up=order.tunnels & up)

    def __call__(self, driver: Driver, order: Order) -> Fault | None:
        """None when all is well, else what is not."""
        assert order.ready is not None, "verified before it was staged"  # noqa: S101
        until = self.clock() + self.patience
        while (wrong := self._wrong(driver, order, order.ready)) is not None:
            # The device has taken it back, or somebody wants it back: no use in waiting.
            if wrong.kind is FailureKind.EXPIRED or self.stop() or self.clock() >= until:
                break
            self.sleep(self.pause)
        return wrong

    def _wrong(self, driver: Driver, order: Order, ready: Ready) -> Fault | None:
        status = driver.status()
        if isinstance(status, Failure):
            return fault(status)
        if status.armed != order.token:
            return Fault(FailureKind.EXPIRED, say(N_("the change is no longer in force on the device")))
        return _down(ready, status) or self._different(driver, order, ready)

    def _different(self, driver: Driver, order: Order, ready: Ready) -> Fault | None:
        running = driver.fetch()
        if isinstance(running, Failure):
            return fault(running)
        now = digests(running.sections)
        wrong = [name for name in {**ready.intended, **now} if ready.intended.get(name) != now.get(name)]
        if wrong:
            text = N_("it runs otherwise than meant: {sections}")
            return Fault(FailureKind.DEVICE, say(text, sections=", ".join(wrong)))
        worse = self.judge(order.device, running.sections)
        return None if worse is None else Fault(FailureKind.DEVICE, worse)


def expected_tunnels(office: Office, device: Device) -> frozenset[str]:
    """The connections a device should have, by the inventory and not by what happens to be up."""
    return frozenset(tunnel.name for tunnel in office.tunnels_of(device.name))


def _down(ready: Ready, status: Status) -> Fault | None:
    down = sorted(name for name in ready.up if name not in status.tunnels or not status.tunnels[name].up)
    if not down:
        return None
    return Fault(FailureKind.DEVICE, say(N_("not up: {tunnels}"), tunnels=", ".join(down)))
