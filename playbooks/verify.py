"""Is an armed device well? Asked over new connections: an old one survives many a rule set that shuts new ones out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from inventory.model import Device, Office
from inventory.pairs import in_its_place
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import Driver, Failure, FailureKind, Sections, Staged, Status, TunnelStatus
from playbooks.order import Fault, Order, Ready
from playbooks.outlook import Outlook, look
from playbooks.plan import digests
from playbooks.reasons import fault

__all__ = ["Verify", "expected_tunnels"]

Tunnels: TypeAlias = Mapping[str, TunnelStatus]
_NOTHING = Outlook()


def _unjudged(_device: str, _sections: Sections) -> Sentence | None:
    return None


@dataclass(frozen=True, slots=True)
class Verify:
    """An armed device is as meant and no worse than before. Waits up to `patience` seconds until all of it is true.

    What runs is what was meant; expected tunnels that were up are up, and carry both ways if they did; what could be
    reached from the manager can be reached; nothing that is judged is worse.
    """

    patience: float = 25.0
    pause: float = 0.3
    outlooks: Mapping[str, Outlook] = field(default_factory=dict)
    """Device -> what can be seen beyond it (`playbooks.outlook`)."""
    judge: Callable[[str, Sections], Sentence | None] = _unjudged
    """Why a device's sections are worse than what ran before; None when they are not."""
    stop: Callable[[], bool] = lambda: False
    """Whether waiting is in vain, because the change is stopped anyway."""
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def before(self, driver: Driver, order: Order, staged: Staged) -> Ready:
        """What is true of a device before the change, and must be true afterwards."""
        held = look(self._outlook(order))
        up = frozenset(name for name in order.tunnels if name in staged.tunnels and staged.tunnels[name].up)
        told = frozenset(name for name in up if staged.tunnels[name].received is not None)
        now = driver.status() if told else None
        carrying = _carrying(told, staged.tunnels, now.tunnels) if isinstance(now, Status) else frozenset()
        return Ready(changed=True, intended=digests(staged.sections), up=up, carrying=carrying, held=held)

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
        down = ready.up - status.up
        if down:
            return _fault(N_("not up: {tunnels}"), tunnels=down)
        gone = ready.held - look(self._outlook(order), ready.held)
        if gone:
            return _fault(N_("could be reached before, and cannot be now: {places}"), places=gone)
        return self._different(driver, order, ready) or _silent(driver, ready, status)

    def _different(self, driver: Driver, order: Order, ready: Ready) -> Fault | None:
        running = driver.fetch()
        if isinstance(running, Failure):
            return fault(running)
        now = digests(running.sections)
        wrong = [name for name in {**ready.intended, **now} if ready.intended.get(name) != now.get(name)]
        if wrong:
            return _fault(N_("it runs otherwise than meant: {sections}"), sections=wrong)
        worse = self.judge(order.device, running.sections)
        return None if worse is None else Fault(FailureKind.DEVICE, worse)

    def _outlook(self, order: Order) -> Outlook:
        return self.outlooks.get(order.device, _NOTHING)


def expected_tunnels(office: Office, device: Device) -> frozenset[str]:
    """The connections a device should have, by the inventory and not by what happens to be up.

    One that stands by has none up, and then none of them is missed.
    """
    office = in_its_place(office, device.name)
    return frozenset(tunnel.name for tunnel in office.tunnels_of(device.name))


def _silent(driver: Driver, ready: Ready, before: Status) -> Fault | None:
    """Whether a tunnel that carried does so no longer: all that was asked meanwhile has gone through it, or nothing."""
    if not ready.carrying:
        return None
    now = driver.status()
    if isinstance(now, Failure):
        return fault(now)
    silent = ready.carrying - _carrying(ready.carrying, before.tunnels, now.tunnels)
    return _fault(N_("nothing comes back through: {tunnels}"), tunnels=silent) if silent else None


def _carrying(names: Iterable[str], before: Tunnels, now: Tunnels) -> frozenset[str]:
    """The tunnels with more packets now, in and out."""
    return frozenset(name for name in names if name in before and name in now and _more(before[name], now[name]))


def _more(before: TunnelStatus, now: TunnelStatus) -> bool:
    counts = ((before.received, now.received), (before.sent, now.sent))
    return all(old is not None and new is not None and new > old for old, new in counts)


def _fault(text: str, **names: Iterable[str]) -> Fault:
    values = {name: ", ".join(sorted(found)) for name, found in names.items()}
    return Fault(FailureKind.DEVICE, Sentence(text=text, values=values))
