"""A change, device by device: stage, commit, verify over new connections, confirm; else back. Pure over ports."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from inventory.course import Restored, Step
from inventory.model import Device, Office
from inventory.words import gettext as _
from playbooks.drivers.base import Armed, Bundle, Confirmed, Driver, Failure, FailureKind, Reverted, Sections, Staged

__all__ = [
    "Changed",
    "Event",
    "Expected",
    "Failed",
    "Interrupted",
    "Order",
    "Outcome",
    "Ports",
    "Restored",
    "Step",
    "Unchanged",
    "Unreachable",
    "push",
    "waves",
]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """There was nothing to do."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The change is in force and confirmed."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The change did not stay."""

    reason: str
    restored: Restored


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The device could not be spoken to at all; nothing was changed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Somebody stopped the push before this device was done."""

    restored: Restored


Outcome: TypeAlias = Unchanged | Changed | Failed | Unreachable | Interrupted


@dataclass(frozen=True, slots=True)
class Order:
    """One device to change. `tunnels` are the connections it should have: those that were up must be up afterwards."""

    device: str
    driver: Driver
    bundle: Bundle
    tunnels: frozenset[str] = frozenset()
    token: str = field(default_factory=lambda: secrets.token_hex(8))


@dataclass(frozen=True, slots=True)
class Expected:
    """What an armed device must show: these sections, and these tunnels up (others may have been down before)."""

    sections: Sections
    tunnels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Event:
    """A device has come to a step; with the last one comes its outcome."""

    device: str
    step: Step
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Ports:
    """What a push needs. `verify` judges an armed device from outside: None is good, a text says what is not."""

    verify: Callable[[Order, Expected], str | None]
    tell: Callable[[Event], None]
    revert_after: int = 60


def waves(office: Office, devices: Sequence[Device]) -> tuple[tuple[Device, ...], ...]:
    """Far ends of tunnels before near ones: the manager's own building, the way to all others, is last."""
    near = office.device(office.network.manager).building
    parts = (
        tuple(device for device in devices if device.building != near),
        tuple(device for device in devices if device.building == near),
    )
    return tuple(part for part in parts if part)


def push(orders: Sequence[Order], ports: Ports) -> dict[str, Outcome]:
    """Change the devices one after the other. One that fails does not stop the others; Ctrl-C does.

    Who could not be reached is tried once more when another device has changed since: the way to it may lead through.
    """
    outcomes = _pass(orders, ports)
    missed = [order for order in orders if isinstance(outcomes[order.device], Unreachable)]
    found = outcomes.values()
    if missed and any(isinstance(outcome, Changed) for outcome in found):
        stopped = any(isinstance(outcome, Interrupted) for outcome in found)
        outcomes |= {} if stopped else _pass(missed, ports)
    return outcomes


def _pass(orders: Sequence[Order], ports: Ports) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    stopped = False
    for order in orders:
        change = _Change(order, ports)
        outcome = Interrupted(Restored.UNTOUCHED) if stopped else change.run()
        stopped = stopped or change.interrupted
        outcomes[order.device] = outcome
        ports.tell(Event(order.device, Step.DONE, outcome))
    return outcomes


class _Change:
    """One device's way through the steps."""

    def __init__(self, order: Order, ports: Ports) -> None:
        self._order, self._driver, self._ports = order, order.driver, ports
        self._committing = False
        self.interrupted = False

    def run(self) -> Outcome:
        """The outcome; Ctrl-C leads to one, too."""
        try:
            return self._stage()
        except KeyboardInterrupt:
            self.interrupted = True
        if self._committing:
            return self._take_back(None)
        self._driver.discard(self._order.token)
        return Interrupted(Restored.UNTOUCHED)

    def _stage(self) -> Outcome:
        self._tell(Step.STAGE)
        staged = self._driver.stage(self._order.token, self._order.bundle)
        if isinstance(staged, Failure):
            unreachable = staged.kind is FailureKind.UNREACHABLE
            return Unreachable(str(staged)) if unreachable else Failed(str(staged), Restored.UNTOUCHED)
        if staged.running is not None and staged.running == staged.sections:
            self._driver.discard(self._order.token)
            return Unchanged()
        return self._commit(staged)

    def _commit(self, staged: Staged) -> Outcome:
        self._tell(Step.COMMIT)
        self._committing = True
        armed = self._driver.commit(self._order.token, self._ports.revert_after)
        match armed:
            case Armed():
                return self._verify(staged)
            case Failure(kind=FailureKind.UNREACHABLE | FailureKind.PROTOCOL):
                # The answer may have been lost after the change came into force.
                return self._take_back(str(armed))
            case Failure(kind=FailureKind.DEVICE | FailureKind.INVALID):
                return Failed(str(armed), Restored.YES)
            case Failure():
                return Failed(str(armed), Restored.UNTOUCHED)

    def _verify(self, staged: Staged) -> Outcome:
        self._tell(Step.VERIFY)
        up = frozenset(name for name, tunnel in staged.tunnels.items() if tunnel.up)
        fault = self._ports.verify(self._order, Expected(staged.sections, self._order.tunnels & up))
        if fault is not None:
            return self._take_back(fault)
        self._tell(Step.CONFIRM)
        confirmed = self._driver.confirm(self._order.token)
        if isinstance(confirmed, Failure) and confirmed.kind in {FailureKind.UNREACHABLE, FailureKind.PROTOCOL}:
            # Saying it twice is harmless, and the first may have arrived.
            confirmed = self._driver.confirm(self._order.token)
        match confirmed:
            case Confirmed():
                return Changed()
            case Failure(kind=FailureKind.EXPIRED):
                return Failed(_("not confirmed in time; the device has taken the change back"), Restored.YES)
            case Failure():
                return self._take_back(str(confirmed))

    def _take_back(self, reason: str | None) -> Outcome:
        """Revert; without a reason somebody has interrupted."""
        self._tell(Step.REVERT)
        answer = self._driver.revert(self._order.token)
        if isinstance(answer, Failure) and answer.kind is FailureKind.EXPIRED:
            # The confirmation had arrived, only its answer had not.
            return Changed()
        restored = Restored.YES if isinstance(answer, Reverted) else Restored.UNKNOWN
        return Interrupted(restored) if reason is None else Failed(reason, restored)

    def _tell(self, step: Step) -> None:
        self._ports.tell(Event(self._order.device, step))
