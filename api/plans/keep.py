"""Plans come into the ledger, each with the deed that brought it there."""

from __future__ import annotations

from api.chain import Deed
from api.people.model import Caller
from api.plans.model import Plan
from api.plans.number import next_id
from api.plans.shelf import PLANS
from api.store.ledger import Kept, Ledger, Put
from inventory.errors import ConflictError, SelectionError
from inventory.words import gettext as _

__all__ = ["find", "keep", "replace"]

_TRIES = 20
"""How many others may take a plan's name from under it."""


def keep(ledger: Ledger, caller: Caller, plan: Plan, action: str = "plan.propose") -> Plan:
    """Keep a new plan; the plan as kept. When somebody else has taken its name meanwhile it gets the next one."""
    for _try in range(_TRIES):
        try:
            ledger.write(_deed(caller, action, plan, _told(plan)), [Put(PLANS, plan.id, plan)])
        except ConflictError:
            day = plan.id.split("-")[1]
            plan = plan.model_copy(update={"id": next_id(ledger, day)})
        else:
            return plan
    raise ConflictError(_("too many plans are being made at this moment; try again"))


def replace(ledger: Ledger, caller: Caller, action: str, plan: tuple[Kept[Plan], Plan], detail: dict[str, str]) -> Plan:
    """Write what has become of a plan; ConflictError when it has moved since it was read."""
    before, after = plan
    ledger.write(_deed(caller, action, after, detail), [Put(PLANS, after.id, after, before.version)])
    return after


def find(ledger: Ledger, name: str) -> Kept[Plan]:
    """The plan of that name; SelectionError when there is none."""
    found = ledger.get(PLANS, name)
    if found is None:
        raise SelectionError(_("there is no plan {name}; fosa plans shows them").format(name=name))
    return found


def _deed(caller: Caller, action: str, plan: Plan, detail: dict[str, str]) -> Deed:
    return Deed(who=caller.account, origin=caller.origin, action=action, subject=f"plan {plan.id}", detail=detail)


def _told(plan: Plan) -> dict[str, str]:
    """What the audit tells of a new plan beside its digest."""
    told = {
        "kind": plan.kind.value,
        "why": plan.why,
        "devices": ", ".join(device.name for device in plan.devices),
        "plan": plan.digest,
        "four_eyes": "yes" if plan.four_eyes else "no, by the office's own choice",
    }
    return told | ({"on_site": plan.on_site} if plan.on_site else {})
