"""A drill is made and what it has shown is kept, with the deed that brought it there."""

from __future__ import annotations

from api.chain import Deed
from api.changes.model import DeviceEnd
from api.desk.context import Context
from api.drills.model import Drill
from api.drills.rehearse import rehearse
from api.drills.shelf import DRILLS
from api.plans.model import Plan
from api.store.ledger import Put
from playbooks.act import Actor
from playbooks.order import Order

__all__ = ["drilled"]


def drilled(context: Context, plan: Plan, order: Order, actor: Actor) -> DeviceEnd:
    """How the device was left. StoreError where it could not be kept: then nothing was proven."""
    found = rehearse(context, plan, order, actor)
    if found.drill is not None:
        _keep(context, plan, found.drill)
    return found.end


def _keep(context: Context, plan: Plan, drill: Drill) -> None:
    before = context.ledger.get(DRILLS, drill.tunnel)
    deed = Deed(
        who=plan.begin_now or "schedule:changes",
        origin="schedule",
        action="drill.record",
        subject=f"tunnel {drill.tunnel}",
        result="done" if drill.passed else "failed",
        detail={"plan": plan.id, "why": plan.why, "said": str(drill.said), "tried": str(drill.tried)},
    )
    context.ledger.write(deed, [Put(DRILLS, drill.tunnel, drill, 0 if before is None else before.version)])
