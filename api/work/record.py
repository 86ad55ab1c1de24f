"""The record of a change in the ledger: queued, begun, told, ended. Every write may be made again after a crash."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from api.chain import Deed
from api.changes.model import Change, ChangeState, DeviceEnd, Ended, Progress
from api.changes.shelf import CHANGES
from api.plans.model import Plan, PlanState
from api.plans.shelf import PLANS
from api.store.ledger import Kept, Ledger, Put
from api.work.ends import plan_state, remark, state_of
from api.work.model import STOPS
from api.work.script import LetGo
from inventory.errors import ConflictError, InputError, StoreError
from inventory.sentence import Sentence, say
from inventory.words import gettext as _
from inventory.words import noted as N_

__all__ = ["Begun", "Record"]

Found = TypeVar("Found")

_AGAIN_S = 1.0


class Begun(StrEnum):
    """Whether a change may go on."""

    YES = "yes"
    NO = "no"
    """Stopped or withdrawn while it waited, or ended already: the record says so."""


@dataclass(frozen=True, slots=True)
class Record:
    """Writes what becomes of changes. While the ledger is gone it waits, but only where no device is armed."""

    ledger: Ledger
    clock: Callable[[], dt.datetime]
    executor: str
    closing: threading.Event
    """Set: nobody waits any more, LetGo is raised instead."""

    def plan(self, key: str) -> Plan:
        """The plan of that id. InputError when there is none."""
        return self._patiently(lambda: _there(self.ledger.get(PLANS, key), key).value)

    def queue(self, plan: Plan) -> None:
        """Say that a plan's change waits for its turn; nothing when it does already."""
        if self.ledger.get(CHANGES, plan.id) is None:
            change = Change(plan=plan.id, state=ChangeState.QUEUED, queued_at=self.clock(), worker=self.executor)
            self.ledger.write(_deed("change.queue", plan), [Put(CHANGES, plan.id, change)])

    def begin(self, key: str) -> Begun:
        """Plan and change are running from here on, if they still may."""
        return self._patiently(lambda: self._begin(key))

    def take(self, key: str) -> None:
        """Say who has the running change in hand, when it was somebody else."""
        self._patiently(lambda: self._take(key))

    def stopper(self, key: str) -> str:
        """Who wants the change stopped; empty when nobody does. A ledger that is gone has nobody heard: what is armed
        must not wait for it.
        """
        try:
            found = self.ledger.get(STOPS, key)
        except StoreError:
            return ""
        return "" if found is None else found.value.who

    def end(self, key: str, ends: Mapping[str, DeviceEnd], *, moved: bool = False) -> None:
        """What it came to."""
        self._patiently(lambda: self._end(key, dict(ends), moved=moved))

    def correct(self, key: str, ends: Mapping[str, DeviceEnd]) -> None:
        """What has been found out since of devices that a change had left unknown."""
        self._patiently(lambda: self._correct(key, ends))

    def told(self, key: str) -> int:
        """How many lines of progress have been told."""
        return self._patiently(lambda: _count(self.ledger, _subject(key)))

    def tell(self, key: str, lines: Sequence[Progress]) -> bool:
        """Tell whoever follows; False when it could not be: nothing waits for it."""
        try:
            self.ledger.tell(_subject(key), *(line.model_dump_json() for line in lines))
        except StoreError:
            return False
        return True

    def _begin(self, key: str) -> Begun:
        plan = _there(self.ledger.get(PLANS, key), key)
        change = self.ledger.get(CHANGES, key)
        if change is not None and change.value.state is not ChangeState.QUEUED:
            return Begun.YES if change.value.state is ChangeState.RUNNING else Begun.NO
        if why := self._hindrance(plan.value):
            ends = {device.name: DeviceEnd(ended=Ended.NOT_BEGUN, reason=why) for device in plan.value.devices}
            self._end(key, ends, moved=False)
            return Begun.NO
        running = Change(
            plan=key,
            state=ChangeState.RUNNING,
            queued_at=change.value.queued_at if change else self.clock(),
            begun_at=self.clock(),
            worker=self.executor,
        )
        puts: list[Put[Any]] = [
            Put(PLANS, key, plan.value.model_copy(update={"state": PlanState.RUNNING}), plan.version),
            Put(CHANGES, key, running, change.version if change else 0),
        ]
        self.ledger.write(_deed("change.begin", plan.value), puts)
        return Begun.YES

    def _hindrance(self, plan: Plan) -> Sentence | None:
        if who := self.stopper(plan.id):
            return say(N_("stopped by {who} before it was begun"), who=who)
        if plan.state is not PlanState.APPROVED:
            return plan.remark or say(N_("its plan was no longer approved when its turn came"))
        return None

    def _take(self, key: str) -> None:
        change = self.ledger.get(CHANGES, key)
        if change is None or change.value.state is not ChangeState.RUNNING or change.value.worker == self.executor:
            return
        taken = change.value.model_copy(update={"worker": self.executor})
        deed = Deed(
            who="schedule:changes",
            origin="schedule",
            action="change.take_over",
            subject=_subject(key),
            detail={"from": change.value.worker, "by": self.executor},
        )
        self.ledger.write(deed, [Put(CHANGES, key, taken, change.version)])

    def _end(self, key: str, ends: dict[str, DeviceEnd], *, moved: bool) -> None:
        plan, change = _there(self.ledger.get(PLANS, key), key), self.ledger.get(CHANGES, key)
        if change is not None and change.value.ended_at is not None:
            return
        now = self.clock()
        before = change.value if change else Change(plan=key, state=ChangeState.QUEUED, queued_at=now)
        state = state_of(ends)
        after = before.model_copy(update={"state": state, "ended_at": now, "devices": ends, "worker": self.executor})
        puts: list[Put[Any]] = [Put(CHANGES, key, after, change.version if change else 0)]
        if plan.value.state in {PlanState.APPROVED, PlanState.RUNNING}:
            fate = {"state": plan_state(state, moved=moved), "remark": remark(ends)}
            puts.append(Put(PLANS, key, plan.value.model_copy(update=fate), plan.version))
        deed = _deed("change.end", plan.value, "done" if state is ChangeState.DONE else "failed")
        self.ledger.write(_telling(deed, state, ends), puts)

    def _correct(self, key: str, ends: Mapping[str, DeviceEnd]) -> None:
        plan, change = _there(self.ledger.get(PLANS, key), key), self.ledger.get(CHANGES, key)
        if change is None or change.value.state is not ChangeState.UNKNOWN:
            return
        devices = {**change.value.devices, **ends}
        state = state_of(devices)
        after = change.value.model_copy(update={"state": state, "devices": devices})
        puts: list[Put[Any]] = [Put(CHANGES, key, after, change.version)]
        if plan.value.state is PlanState.FAILED:
            fate = {"state": plan_state(state, moved=False), "remark": remark(devices)}
            puts.append(Put(PLANS, key, plan.value.model_copy(update=fate), plan.version))
        deed = _deed("change.find_out", plan.value).model_copy(update={"who": "schedule:changes"})
        self.ledger.write(_telling(deed, state, ends), puts)

    def _patiently(self, do: Callable[[], Found]) -> Found:
        while not self.closing.is_set():
            try:
                return do()
            except ConflictError:
                # Somebody else has written meanwhile: what he wrote is looked at anew.
                continue
            except StoreError:
                self.closing.wait(_AGAIN_S)
        raise LetGo


def _there(found: Kept[Plan] | None, key: str) -> Kept[Plan]:
    if found is None:
        raise InputError(_("there is no plan {name}").format(name=key))
    return found


def _count(ledger: Ledger, subject: str) -> int:
    count = after = 0
    while lines := ledger.told(subject, after):
        count, after = count + len(lines), lines[-1].id
    return count


def _subject(key: str) -> str:
    return f"change {key}"


def _telling(deed: Deed, state: ChangeState, ends: Mapping[str, DeviceEnd]) -> Deed:
    told = {name: f"{end.ended.value} {end.restored.value}" for name, end in ends.items()}
    return deed.model_copy(update={"detail": {**deed.detail, "state": state.value, **told}})


def _deed(action: str, plan: Plan, result: str = "done") -> Deed:
    approved = ", ".join(approval.who for approval in plan.approvals)
    detail = {"author": plan.author, "approved": approved, "why": plan.why}
    who = plan.begin_now or "schedule:changes"
    return Deed(who=who, origin="schedule", action=action, subject=_subject(plan.id), result=result, detail=detail)
