"""Which approved plans may begin now, and which wait no longer. For the scheduler: reads the ledger, no device."""

from __future__ import annotations

from api.desk.context import Context
from api.people.model import Caller
from api.plans import fate
from api.plans.freezes import freezes
from api.plans.keep import replace
from api.plans.model import Kind, Plan, PlanState
from api.plans.shelf import PLANS
from api.store.ledger import Kept
from inventory.errors import ConflictError
from inventory.window import Open, window

__all__ = ["SCHEDULE", "due"]

SCHEDULE = Caller(account="schedule:plans", roles=frozenset(), origin="schedule")
"""Who lets plans expire."""


def due(context: Context) -> tuple[str, ...]:
    """The approved plans that may begin at this moment, the oldest first. Those whose time is over expire."""
    now = context.clock()
    waiting = context.ledger.list(PLANS, states=(PlanState.PROPOSED, PlanState.APPROVED))
    if not waiting:
        return ()
    for kept in waiting:
        if fate.overdue(kept.value, now):
            _expire(context, kept, fate.expired(kept.value))
    window_open = isinstance(window(context.office, freezes(context.ledger), now), Open)
    ready = [kept for kept in waiting if fate.due(kept.value, now, window_open=window_open)]
    sound = [kept.value for kept in ready if _as_approved(context, kept)]
    return tuple(plan.id for plan in sorted(sound, key=lambda plan: (plan.made_at, plan.id)))


def _as_approved(context: Context, kept: Kept[Plan]) -> bool:
    """Whether it is still what somebody has approved, itself or as the removal of another; else it expires."""
    plan = kept.value
    digests = {plan.digest}
    if plan.kind is Kind.REMOVAL:
        followed = (context.ledger.get(PLANS, name) for name in plan.follows.split(", ") if name)
        digests |= {source.value.digest for source in followed if source is not None}
    if any(approval.digest in digests for approval in plan.approvals):
        return True
    _expire(context, kept, fate.altered(plan))
    return False


def _expire(context: Context, kept: Kept[Plan], after: Plan) -> None:
    try:
        replace(context.ledger, SCHEDULE, "plan.expire", (kept, after), {})
    except ConflictError:
        # Somebody has approved, begun or rejected it at this very moment: the next look tells.
        return
