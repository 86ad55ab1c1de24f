"""Which approved plans may begin now, and which wait no longer. For the scheduler: reads the ledger, no device."""

from __future__ import annotations

from api.desk.context import Context
from api.people.model import Caller
from api.plans import fate
from api.plans.freezes import freezes
from api.plans.keep import replace
from api.plans.model import Plan, PlanState
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
            _expire(context, kept)
    window_open = isinstance(window(context.office, freezes(context.ledger), now), Open)
    found = (kept.value for kept in waiting if fate.due(kept.value, now, window_open=window_open))
    return tuple(plan.id for plan in sorted(found, key=lambda plan: (plan.made_at, plan.id)))


def _expire(context: Context, kept: Kept[Plan]) -> None:
    try:
        replace(context.ledger, SCHEDULE, "plan.expire", (kept, fate.expired(kept.value)), {})
    except ConflictError:
        # Somebody has approved, begun or rejected it at this very moment: the next look tells.
        return
