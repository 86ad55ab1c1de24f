"""What a change works with: the devices of its plan, who looks at them, and who keeps what they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from api.changes.model import DeviceEnd, Ended
from api.desk.context import Context
from api.plans.model import Plan
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.act import Actor
from playbooks.drivers.base import Driver, Sections
from playbooks.order import Order
from playbooks.outlook import Outlook
from playbooks.verify import Verify

__all__ = ["Drill", "Hands", "Hooks", "Judge", "KeepOf", "Seen"]

KeepOf: TypeAlias = Callable[[Plan, Order, Sections], None]
"""Keeps what a device runs; a FosaError says that it could not. May be called again with the same."""
Judge: TypeAlias = Callable[[Plan], Callable[[str, Sections], Sentence | None]]
"""For a plan, who says why a device's sections are worse than what ran before."""

Seen: TypeAlias = Callable[[Context, Plan], Mapping[str, Outlook]]
"""For a plan, what can be reached from the manager through each of its devices, and must be afterwards."""


Drill: TypeAlias = Callable[[Context, Plan, Order, Actor], DeviceEnd]
"""Makes a drill on its one device, and keeps what it has shown."""


def _nothing_seen(_context: Context, _plan: Plan) -> Mapping[str, Outlook]:
    return {}


@dataclass(frozen=True, slots=True)
class Hooks:
    """What others want to be asked in the course of a change."""

    on_backup: KeepOf | None = None
    """What ran before, before anything is changed. When it fails, nothing is."""
    on_confirmed: KeepOf | None = None
    """What runs now."""
    judge: Judge | None = None
    seen: Seen = _nothing_seen
    drill: Drill | None = None


@dataclass(frozen=True, slots=True)
class Hands:
    """Makes the actor of a plan's change."""

    context: Callable[[], Context]
    """Asked for each change: the inventory may have been read anew since the last one."""
    hooks: Hooks = field(default_factory=Hooks)

    def of(self, plan: Plan, stop: Callable[[], bool]) -> Actor:
        """The actor. `stop` says whether waiting is in vain, because the change is to be stopped."""
        context = self.context()
        verify = Verify(patience=plan.revert_after_s / 2, stop=stop, outlooks=self.hooks.seen(context, plan))
        if self.hooks.judge is not None:
            verify = replace(verify, judge=self.hooks.judge(plan))
        return Actor(
            drivers=_Drivers(context, tuple(device.name for device in plan.devices)),
            revert_after=plan.revert_after_s,
            verify=verify,
            on_backup=_for(self.hooks.on_backup, plan),
            on_confirmed=_for(self.hooks.on_confirmed, plan),
        )

    def drill(self, plan: Plan, order: Order, actor: Actor) -> DeviceEnd:
        """Make a drill; how its device was left."""
        if self.hooks.drill is None:
            return DeviceEnd(ended=Ended.FAILED, reason=say(N_("this fosa makes no drills")))
        return self.hooks.drill(self.context(), plan, order, actor)


def _for(keep: KeepOf | None, plan: Plan) -> Callable[[Order, Sections], None] | None:
    return None if keep is None else partial(keep, plan)


@dataclass(frozen=True, slots=True)
class _Drivers(Mapping[str, Driver]):
    """Made when a device is spoken to: one that cannot be made is that device's own failure."""

    context: Context
    names: tuple[str, ...]

    def __getitem__(self, name: str) -> Driver:
        if name not in self.names:
            raise KeyError(name)
        return self.context.driver(self.context.office.device(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
