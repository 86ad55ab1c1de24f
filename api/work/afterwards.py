"""Changes whose end nobody could see are looked at until their devices answer: then the record tells the truth."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from api.changes.model import Change, ChangeState, DeviceEnd, Ended
from api.changes.shelf import CHANGES
from api.plans.model import Plan
from api.work.course import order
from api.work.hands import Hands
from api.work.record import Record
from inventory.course import Restored
from inventory.errors import FosaError
from playbooks.act import Actor
from playbooks.drivers.base import Driver, Failure, Sections
from playbooks.order import Order
from playbooks.plan import fingerprint

__all__ = ["EVERY_S", "Afterwards"]

EVERY_S = 30.0
_LONGEST = dt.timedelta(days=14)
"""A device that has not answered by then is a person's matter; the record says `unknown` for good."""


@dataclass(frozen=True, slots=True)
class Afterwards:
    """To be called every `EVERY_S`. Only reads devices: an armed one is left to its dead-man."""

    record: Record
    hands: Hands
    steady: Callable[[], float] = time.monotonic
    """Not the wall's clock: that may be set while a step is still on its way to a device."""
    since: dict[str, float] = field(default_factory=dict)
    """When each change that is looked at was first found ended, and a device unknown."""

    def __call__(self) -> None:
        """Look at each device that was left unknown, and write down what is certain now."""
        unknown = [kept.value for kept in self.record.ledger.list(CHANGES, states=[ChangeState.UNKNOWN.value])]
        open_ = [change for change in unknown if self._is_open(change)]
        for known in self.since.keys() - {change.plan for change in open_}:
            del self.since[known]
        for change in open_:
            self._look(change)

    def _is_open(self, change: Change) -> bool:
        return change.ended_at is not None and self.record.clock() - change.ended_at <= _LONGEST

    def _look(self, change: Change) -> None:
        plan = self.record.plan(change.plan)
        actor = self.hands.of(plan, lambda: False)
        now = self.steady()
        late = now - self.since.setdefault(change.plan, now) > _over(plan)
        unknown = {name: end for name, end in change.devices.items() if end.restored is Restored.UNKNOWN}
        found = {name: _found(actor, order(plan, name), end, late=late) for name, end in unknown.items()}
        if certain := {name: end for name, end in found.items() if end is not None}:
            self.record.correct(change.plan, certain)


def _over(plan: Plan) -> float:
    """After so many seconds no step of the change can still be on its way to a device."""
    return 2.0 * plan.revert_after_s


def _found(actor: Actor, order: Order, end: DeviceEnd, *, late: bool) -> DeviceEnd | None:
    """How a device was left, as it says itself and as it runs; None when that is still not certain."""
    try:
        driver = actor.drivers[order.device]
        status, running = driver.status(), driver.fetch()
        if isinstance(status, Failure) or isinstance(running, Failure) or status.armed == order.token:
            return None
        outcome = status.done.get(order.token)
        if outcome == "confirmed":
            return _confirmed(actor, driver, order, running.sections)
    except FosaError:
        return None
    # Taken back, or (late) never come into force; and it must be seen to run what it ran.
    reverted = outcome == "reverted" or (outcome is None and late and order.base != "")
    as_before = order.base in {"", fingerprint(running.sections)}
    return end.model_copy(update={"restored": Restored.YES}) if reverted and as_before else None


def _confirmed(actor: Actor, driver: Driver, order: Order, running: Sections) -> DeviceEnd | None:
    """It stays. What runs goes into the history if it is what was approved; else it has drifted since."""
    meant = driver.normal(order.bundle)
    if isinstance(meant, Failure):
        return None
    if actor.on_confirmed is not None and dict(meant.sections) == dict(running):
        actor.on_confirmed(order, running)
    return DeviceEnd(ended=Ended.CHANGED)
