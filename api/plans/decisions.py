"""A person decides on a plan: approves, rejects, withdraws it, or lets it begin now."""

from __future__ import annotations

from api.desk.context import Context
from api.people.model import Action, Caller
from api.people.permissions import require
from api.plans import fate
from api.plans.keep import find, replace
from api.plans.model import Plan, PlanState
from api.plans.moved import moved
from api.plans.shown import stands, wait
from api.plans.verbs import APPROVE, BEGIN, REJECT, WITHDRAW, Approving, Reasoned, Stands, WhichPlan
from api.store.ledger import Kept
from inventory.errors import ConflictError
from inventory.sentence import say
from inventory.words import noted as N_

__all__ = ["approve", "begin", "reject", "withdraw"]


def approve(context: Context, caller: Caller, asked: Approving) -> Stands:
    """Approve what was read, if every device still runs what it ran then; else the plan expires. Reads the devices."""
    kept = find(context.ledger, asked.plan)
    plan = kept.value
    own = plan.author == caller.account
    # Without four eyes the office itself has said that the author may: he needs the role all the same.
    require(caller, Action.APPROVE, own=own and plan.four_eyes)
    _let_go(context, caller, kept)
    after = fate.approved(plan, caller.account, asked.digest, context.clock())
    if others := moved(context, plan):
        raise _expired(context, caller, kept, fate.expired(plan, others))
    detail = {"plan": asked.digest} | ({"eyes": "the author's own, by the office's choice"} if own else {})
    return stands(context, replace(context.ledger, caller, APPROVE.name, (kept, after), detail))


def reject(context: Context, caller: Caller, asked: Reasoned) -> Stands:
    """Say no to a plan that waits."""
    kept = find(context.ledger, asked.plan)
    remark = say(N_("rejected by {who}: {why}"), who=caller.account, why=asked.why)
    after = fate.ended(kept.value, PlanState.REJECTED, remark)
    return stands(context, replace(context.ledger, caller, REJECT.name, (kept, after), {"why": asked.why}))


def withdraw(context: Context, caller: Caller, asked: Reasoned) -> Stands:
    """Take back a plan that waits."""
    kept = find(context.ledger, asked.plan)
    require(caller, Action.WITHDRAW, own=kept.value.author == caller.account)
    remark = say(N_("withdrawn by {who}: {why}"), who=caller.account, why=asked.why)
    after = fate.ended(kept.value, PlanState.WITHDRAWN, remark)
    return stands(context, replace(context.ledger, caller, WITHDRAW.name, (kept, after), {"why": asked.why}))


def begin(context: Context, caller: Caller, asked: WhichPlan) -> Stands:
    """Let an approved plan begin outside the window, and in a freeze. What was closed stands in the audit."""
    kept = find(context.ledger, asked.plan)
    require(caller, Action.BEGIN_NOW, own=kept.value.author == caller.account)
    _let_go(context, caller, kept)
    after = fate.begun_now(kept.value, caller.account, context.clock())
    closed = wait(context).reason
    detail = {"window": "open"} if closed is None else {"window": closed.text.format_map(closed.values)}
    return stands(context, replace(context.ledger, caller, BEGIN.name, (kept, after), detail))


def _let_go(context: Context, caller: Caller, kept: Kept[Plan]) -> None:
    """A plan whose time is over expires as soon as somebody looks at it, not only when the schedule comes by."""
    if fate.overdue(kept.value, context.clock()):
        raise _expired(context, caller, kept, fate.expired(kept.value))


def _expired(context: Context, caller: Caller, kept: Kept[Plan], after: Plan) -> ConflictError:
    replace(context.ledger, caller, "plan.expire", (kept, after), {})
    message = say(N_("plan {plan} has expired: {why}; propose it again"), plan=after.id, why=after.remark)
    return ConflictError(str(message))
