"""The order of a change, pure over ports: wave by wave backup, stage, commit, verify, confirm; or all of it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from inventory.course import Restored, Step
from inventory.sentence import say
from inventory.words import noted as N_
from playbooks.drivers.base import FailureKind
from playbooks.order import (
    Answer,
    Armed,
    Backup,
    Changed,
    Failed,
    Fault,
    Interrupted,
    Kept,
    NotBegun,
    Order,
    Outcome,
    Ready,
    TakenBack,
    Unchanged,
    Unreachable,
    Well,
)
from playbooks.waves import waves

__all__ = [
    "Answer",
    "Armed",
    "Backup",
    "Changed",
    "Event",
    "Failed",
    "Fault",
    "Interrupted",
    "Kept",
    "NotBegun",
    "Order",
    "Outcome",
    "Ports",
    "Ready",
    "Restored",
    "Step",
    "TakenBack",
    "Unchanged",
    "Unreachable",
    "Well",
    "change",
    "waves",
]


@dataclass(frozen=True, slots=True)
class Event:
    """A device has come to a step of its wave (from 1); with the last one, DONE, comes its outcome."""

    wave: int
    device: str
    step: Step
    outcome: Outcome | None = None


class Ports(Protocol):
    """What a change needs of the world. It asks nothing else, so the same answers lead the same way again."""

    def act(self, step: Step, wave: int, orders: tuple[Order, ...], /) -> Mapping[str, Answer]:
        """Do a step on all devices of a wave; an answer for each of them. At REVERT: in the order given.

        A step may be done again after a crash: see `playbooks.act.perform`.
        """
        ...

    def tell(self, event: Event) -> None:
        """Told to whoever follows, before a step and at the end."""
        ...

    def stopped(self) -> bool:
        """Whether somebody wants the change stopped: asked once before each step but REVERT."""
        ...


def change(waves: Sequence[Sequence[Order]], ports: Ports) -> dict[str, Outcome]:
    """Change the devices wave by wave; how each was left. The first wave that fails is taken back, and is the last."""
    outcomes: dict[str, Outcome] = {}
    going = True
    for number, orders in enumerate(waves, 1):
        found: dict[str, Outcome] = {order.device: NotBegun() for order in orders}
        if going and orders:
            found = _Wave(number, tuple(orders), ports).run()
            going = all(isinstance(outcome, Changed | Unchanged) for outcome in found.values())
        for device, outcome in found.items():
            ports.tell(Event(number, device, Step.DONE, outcome))
        outcomes |= found
    return outcomes


_UNTOUCHED = frozenset({FailureKind.BUSY, FailureKind.MOVED, FailureKind.REFUSED, FailureKind.NO_SPACE})
"""With these a device refuses to commit before it has begun."""
_STEPS = (Step.BACKUP, Step.STAGE, Step.COMMIT, Step.VERIFY, Step.CONFIRM)
_BEFORE = frozenset({None, Step.BACKUP, Step.STAGE})


class _Wave:
    """A wave's way through the steps."""

    def __init__(self, number: int, orders: tuple[Order, ...], ports: Ports) -> None:
        self._number, self._ports = number, ports
        self._orders = orders
        self._names = tuple(order.device for order in orders)
        self._ends: dict[str, Outcome] = {}
        self._reached: Step | None = None
        self._faults: dict[str, Fault] = {}
        self._stopped = False

    def run(self) -> dict[str, Outcome]:
        """The outcome of each device, in the order given."""
        for step in _STEPS:
            if not self._orders or not self._go(step):
                break
        if self._orders:
            self._take_back()
        return {name: self._ends[name] for name in self._names}

    def _go(self, step: Step) -> bool:
        """Do a step; devices that have come to their end are left out of the next. False: the wave has failed."""
        if self._ports.stopped():
            self._stopped = True
            return False
        self._reached = step
        answers = self._act(step, self._orders)
        self._faults = {name: answer for name, answer in answers.items() if isinstance(answer, Fault)}
        self._orders = tuple(left for order in self._orders if (left := self._settled(order, answers[order.device])))
        return not self._faults

    def _settled(self, order: Order, answer: Answer) -> Order | None:
        """The order for the next step; None when the device has come to its end."""
        match answer:
            case Ready(changed=False):
                self._ends[order.device] = Unchanged()
                return None
            case Kept(remark=remark):
                # What is confirmed is confirmed, whatever becomes of its neighbours.
                self._ends[order.device] = Changed(remark)
                return None
            case Ready():
                return replace(order, ready=answer)
            case _:
                return order

    def _take_back(self) -> None:
        """All that is left of the wave, last first."""
        back = tuple(order for order in reversed(self._orders) if self._reaches(order))
        answers = self._act(Step.REVERT, back) if back else {}
        for order in self._orders:
            self._ends[order.device] = self._end(order.device, answers.get(order.device))

    def _reaches(self, order: Order) -> bool:
        """Whether anything of the change can be on the device."""
        return self._reached not in _BEFORE or order.ready is not None

    def _end(self, device: str, answer: Answer | None) -> Outcome:
        if isinstance(answer, Kept):
            # The confirmation had arrived, only its answer had not.
            return Changed(answer.remark)
        own, restored = self._faults.get(device), self._restored(device, answer)
        if self._stopped:
            return Interrupted(restored)
        if own is None:
            others = ", ".join(name for name in self._names if name in self._faults)
            return Failed(say(N_("taken back together with {devices}"), devices=others), restored)
        if own.kind is FailureKind.UNREACHABLE and self._reached in _BEFORE:
            return Unreachable(own.reason)
        return Failed(own.reason, restored)

    def _restored(self, device: str, answer: Answer | None) -> Restored:
        own = self._faults.get(device)
        refused = self._reached is Step.COMMIT and own is not None and own.kind in _UNTOUCHED
        if refused or self._reached in _BEFORE:
            return Restored.UNTOUCHED
        return Restored.YES if isinstance(answer, TakenBack) else Restored.UNKNOWN

    def _act(self, step: Step, orders: tuple[Order, ...]) -> Mapping[str, Answer]:
        for order in orders:
            self._ports.tell(Event(self._number, order.device, step))
        return self._ports.act(step, self._number, orders)
