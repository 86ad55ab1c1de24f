"""What must be true after every change, however it went."""

from __future__ import annotations

from collections.abc import Iterator

from api.chain import BEGINNING, Entry, entry_hash
from api.changes.model import Change, ChangeState, Ended
from api.changes.shelf import CHANGES
from api.plans.model import Plan, PlanState
from api.plans.shelf import PLANS
from api.store.ledger import Ledger
from inventory.course import Restored
from tests.api.work.fleet import Fleet
from tests.api.work.plans import new

__all__ = ["breaks", "lies"]

_FATES = {
    ChangeState.DONE: {PlanState.DONE},
    ChangeState.REVERTED: {PlanState.FAILED, PlanState.EXPIRED},
    ChangeState.PARTLY: {PlanState.FAILED},
    ChangeState.UNKNOWN: {PlanState.FAILED},
}


def lies(ledger: Ledger, fleet: Fleet, key: str, before: dict[str, dict[str, str]]) -> list[str]:
    """What the ledger says of a change that is not so, and what a device runs that is neither old nor new."""
    plan, change = ledger.get(PLANS, key), ledger.get(CHANGES, key)
    if plan is None or change is None or change.value.ended_at is None:
        return [f"{key} has not ended"]
    found = [*_of_devices(change.value, fleet, before), *_of_plan(plan.value, change.value), *breaks(ledger)]
    return [f"{key}: {text}" for text in found]


def _of_devices(change: Change, fleet: Fleet, before: dict[str, dict[str, str]]) -> Iterator[str]:
    running = fleet.running()
    for name, end in change.devices.items():
        status = fleet.devices[name].status()
        if getattr(status, "armed", "?"):
            yield f"{name} is armed still"
        is_new = running[name] == new(name, change.plan)
        if not is_new and running[name] != before[name]:
            yield f"{name} runs neither the old nor the new"
        if is_new != (end.ended is Ended.CHANGED) and end.restored is not Restored.UNKNOWN:
            yield f"{name} is said to be {end.ended} {end.restored}, and runs the {'new' if is_new else 'old'}"


def _of_plan(plan: Plan, change: Change) -> Iterator[str]:
    if plan.state not in _FATES[change.state]:
        yield f"the change is {change.state}, the plan {plan.state}"
    if set(change.devices) != {device.name for device in plan.devices}:
        yield "not every device is spoken of"


def breaks(ledger: Ledger) -> Iterator[str]:
    """Where the chain of the audit is broken."""
    number, last = 0, BEGINNING
    while page := ledger.entries(number):
        for _number, text, digest in page:
            entry = Entry.model_validate_json(text)
            number += 1
            if entry.number != number or entry.previous != last or entry_hash(entry) != digest:
                yield f"the chain is broken at {number}"
                return
            last = digest
