"""What a change came to: from the outcome of each device to the words of the record. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from api.changes.model import ChangeState, DeviceEnd, Ended
from api.plans.model import PlanState
from inventory.course import Restored
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.order import Changed, Failed, Interrupted, NotBegun, Outcome, Unchanged, Unreachable

__all__ = ["end_of", "plan_state", "remark", "state_of"]

_GOOD = frozenset({Ended.CHANGED, Ended.UNCHANGED, Ended.REHEARSED})


def end_of(outcome: Outcome, stopper: str = "") -> DeviceEnd:
    """How a device was left; `stopper` is who has stopped the change, if anybody has."""
    match outcome:
        case Changed(remark=remark):
            return DeviceEnd(ended=Ended.CHANGED, reason=remark)
        case Unchanged():
            return DeviceEnd(ended=Ended.UNCHANGED)
        case Failed(reason=reason, restored=restored):
            return DeviceEnd(ended=Ended.FAILED, restored=restored, reason=reason)
        case Unreachable(reason=reason):
            return DeviceEnd(ended=Ended.UNREACHABLE, reason=reason)
        case Interrupted(restored=restored):
            return DeviceEnd(ended=Ended.FAILED, restored=restored, reason=say(N_("stopped by {who}"), who=stopper))
        case NotBegun():
            return DeviceEnd(ended=Ended.NOT_BEGUN)


def state_of(ends: Mapping[str, DeviceEnd]) -> ChangeState:
    """Of the whole change."""
    if any(end.restored is Restored.UNKNOWN for end in ends.values()):
        return ChangeState.UNKNOWN
    found = {end.ended for end in ends.values()}
    if found <= _GOOD:
        return ChangeState.DONE
    return ChangeState.PARTLY if Ended.CHANGED in found else ChangeState.REVERTED


def plan_state(state: ChangeState, *, moved: bool) -> PlanState:
    """What becomes of the plan; one whose device had `moved` before anything was changed has expired."""
    if state is ChangeState.DONE:
        return PlanState.DONE
    return PlanState.EXPIRED if moved and state is ChangeState.REVERTED else PlanState.FAILED


def remark(ends: Mapping[str, DeviceEnd]) -> Sentence | None:
    """Why it did not come to its end: the reason of the first device that has one."""
    return next((end.reason for end in ends.values() if end.ended not in _GOOD and end.reason is not None), None)
