"""The course of a change, made durable: the order of its steps is playbooks.change, each step is written down."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from api.changes.model import DeviceEnd, Ended, Progress
from api.plans.model import Kind, Plan
from api.work.answers import read, written
from api.work.ends import end_of
from api.work.hands import Hands
from api.work.record import Begun, Record
from api.work.script import Once
from inventory.course import Restored
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.act import Actor, perform
from playbooks.change import Event, Step, change
from playbooks.drivers.base import FailureKind
from playbooks.order import Answer, Fault, Kept, Order, TakenBack

__all__ = ["Course", "token"]


@dataclass(frozen=True, slots=True)
class Course:
    """The scripts of the engine: a change from its turn to its end, and the settling of one that broke off."""

    record: Record
    hands: Hands

    def change(self, key: str, once: Once) -> None:
        """Make the change of a plan, and write down what came of it."""
        self.record.take(key)
        if once("begin", lambda: self.record.begin(key).value) == Begun.NO:
            return
        plan = self.record.plan(key)
        actor = self._actor(plan)
        if plan.kind is Kind.DRILL:
            self._drill(plan, actor, once)
            return
        ports = _Ports(plan, once, self.record, actor)
        try:
            outcomes = change(_orders(plan), ports)
        finally:
            # Let go of between two steps, it is gone on with over new connections.
            actor.close()
        ports.flush()
        ends = {name: end_of(outcome, ports.stopper) for name, outcome in outcomes.items()}
        once("end", lambda: self._end(key, ends, moved=ports.moved))

    def _drill(self, plan: Plan, actor: Actor, once: Once) -> None:
        """In one step: done again after a crash it is only taken back."""
        name = plan.devices[0].name
        self._tell(plan, name, Step.COMMIT)
        try:
            text = once("1-drill", lambda: self.hands.drill(plan, order(plan, name), actor).model_dump_json())
        finally:
            actor.close()
        end = DeviceEnd.model_validate_json(text)
        self._tell(plan, name, Step.DONE, end)
        once("end", lambda: self._end(plan.id, {name: end}))

    def _tell(self, plan: Plan, name: str, step: Step, end: DeviceEnd | None = None) -> None:
        self.record.tell(plan.id, [Progress(at=self.record.clock(), wave=1, device=name, step=step, end=end)])

    def settle(self, key: str, once: Once) -> None:
        """End a change that broke off: what is not confirmed is taken back, the last wave first; then ask and record.

        Safe at any moment: taking back what was never there, or what the device took back itself, changes nothing, and
        what is confirmed stays.
        """
        plan = self.record.plan(key)
        actor = self._actor(plan)
        ends: dict[str, DeviceEnd] = {}
        for number, wave in reversed(tuple(enumerate(_orders(plan), 1))):
            found = read(once(f"{number}-settle", partial(_take_back, wave[::-1], actor)))
            ends |= {name: _settled(answer) for name, answer in found.items()}
        once("end", lambda: self._end(key, {name: ends[name] for wave in plan.waves for name in wave}))

    def _actor(self, plan: Plan) -> Actor:
        return self.hands.of(plan, lambda: bool(self.record.stopper(plan.id)))

    def _end(self, key: str, ends: Mapping[str, DeviceEnd], *, moved: bool = False) -> str:
        self.record.end(key, ends, moved=moved)
        return ""


def _take_back(orders: Sequence[Order], actor: Actor) -> str:
    return written(perform(Step.REVERT, orders, actor))


def token(digest: str, device: str) -> str:
    """Under which a device knows its part of the change of the plan with that digest: the same whenever a step is done
    again.

    Made of all that was approved: a ledger that was put back gives the same ids again, and a device takes none twice.
    """
    return hashlib.sha256(f"{digest} {device}".encode()).hexdigest()[:16]


def order(plan: Plan, name: str) -> Order:
    """A device's part of the plan."""
    return _order(plan, name, plan.digest)


def _orders(plan: Plan) -> list[list[Order]]:
    """The parts of all its devices, wave by wave. The digest is made once: it takes the whole plan's text."""
    digest = plan.digest
    return [[_order(plan, name, digest) for name in wave] for wave in plan.waves]


def _order(plan: Plan, name: str, digest: str) -> Order:
    device = plan.device(name)
    return Order(name, device, frozenset(device.tunnels), token(digest, name), device.base, plan.mates(name))


@dataclass(slots=True)
class _Ports:
    """What a change asks for, done once and written down. After a crash it gives the same answers again."""

    plan: Plan
    once: Once
    record: Record
    actor: Actor
    moved: bool = False
    """A device was no longer what it was when the plan was made."""
    stopper: str = ""
    _events: int = 0
    _waiting: list[Progress] = field(default_factory=list)
    _told: int = field(init=False)

    def __post_init__(self) -> None:
        self._told = self.record.told(self.plan.id)

    def act(self, step: Step, wave: int, orders: tuple[Order, ...]) -> Mapping[str, Answer]:
        """Do a step on the devices of a wave. Whether to stop afterwards is written down with what came of it."""
        self.flush()
        done = json.loads(self.once(f"{wave}-{step.value}", lambda: self._done(step, orders)))
        self.stopper = self.stopper or done["stopper"]
        found = read(done["answers"])
        moved = (isinstance(answer, Fault) and answer.kind is FailureKind.MOVED for answer in found.values())
        self.moved = self.moved or any(moved)
        return found

    def tell(self, event: Event) -> None:
        """Tell it before the next step, unless it was told before a crash: the events come in the same order again."""
        self._events += 1
        if self._events > self._told:
            self._waiting.append(self._progress(event))

    def flush(self) -> None:
        """Tell what waits. What cannot be told now comes with the next."""
        if self._waiting and self.record.tell(self.plan.id, self._waiting):
            self._waiting = []

    def stopped(self) -> bool:
        """Whether somebody had said stop when the last step was done."""
        return bool(self.stopper)

    def _done(self, step: Step, orders: tuple[Order, ...]) -> str:
        answers = written(perform(step, orders, self.actor))
        return json.dumps({"answers": answers, "stopper": self.record.stopper(self.plan.id)})

    def _progress(self, event: Event) -> Progress:
        end = None if event.outcome is None else end_of(event.outcome, self.stopper)
        return Progress(at=self.record.clock(), wave=event.wave, device=event.device, step=event.step, end=end)


def _settled(answer: Answer) -> DeviceEnd:
    match answer:
        case Kept(remark=remark):
            return DeviceEnd(ended=Ended.CHANGED, reason=remark)
        case TakenBack():
            return DeviceEnd(ended=Ended.FAILED, restored=Restored.YES, reason=_broken_off())
        case Fault(reason=reason):
            return DeviceEnd(ended=Ended.FAILED, restored=Restored.UNKNOWN, reason=reason)
        case _:
            return DeviceEnd(ended=Ended.FAILED, restored=Restored.UNKNOWN, reason=_broken_off())


def _broken_off() -> Sentence:
    return say(N_("the change broke off; what was not confirmed has been taken back"))
