"""What somebody may decide: forms that the desk would refuse him are not shown. The desk decides again."""

from __future__ import annotations

from api.accounts.verbs import Me
from api.people.model import Action, Caller, Role
from api.people.permissions import ever, may
from api.plans.model import Plan, PlanState

__all__ = ["caller_of", "deeds", "plan_deeds"]

_DEEDS = {
    "propose": Action.PROPOSE,
    "freeze": Action.FREEZE,
    "put_back": Action.PROPOSE,
    "restore": Action.PROPOSE,
    "undo": Action.PROPOSE,
}
_OPEN = {
    PlanState.PROPOSED: {"approve": Action.APPROVE, "reject": Action.APPROVE, "withdraw": Action.WITHDRAW},
    PlanState.APPROVED: {"begin": Action.BEGIN_NOW, "withdraw": Action.WITHDRAW},
    PlanState.RUNNING: {"stop": Action.STOP},
}


def caller_of(me: Me | None) -> Caller:
    """Whom the edge has let in."""
    if me is None:
        return Caller.unproved("page")
    known = frozenset(role for role in Role if role.value in me.roles)
    return Caller(account=me.account, roles=known, origin=me.origin)


def deeds(caller: Caller) -> frozenset[str]:
    """What he may do that is about no plan there is."""
    found = {name for name, action in _DEEDS.items() if ever(caller, action)}
    # Who typed a drift in is not known: it is nobody's own.
    return frozenset(found | ({"adopt"} if may(caller, Action.APPROVE, own=False) else set()))


def plan_deeds(caller: Caller, plan: Plan) -> frozenset[str]:
    """What he may decide about a plan as it stands."""
    own = plan.author == caller.account
    found = {name for name, action in _OPEN.get(plan.state, {}).items() if may(caller, action, own=own)}
    if own and not plan.four_eyes and plan.state is PlanState.PROPOSED and may(caller, Action.APPROVE, own=False):
        found |= {"approve"}
    if plan.state is PlanState.PROPOSED and ever(caller, Action.APPROVE):
        found |= {"reject"}
    return frozenset(found)
