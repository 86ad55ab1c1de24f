"""What may become of a plan, and when. Pure: a plan in, the plan as it is then out; ConflictError where it may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from api.plans.model import Approval, Plan, PlanState
from inventory.errors import ConflictError, InputError, RefusedError
from inventory.sentence import Sentence, say
from inventory.words import gettext as _
from inventory.words import noted as N_

__all__ = ["altered", "approved", "begun_now", "due", "ended", "expired", "overdue"]

_WAITING = (PlanState.PROPOSED, PlanState.APPROVED)


def approved(plan: Plan, who: str, digest: str, now: dt.datetime) -> Plan:
    """The plan with somebody's approval of what he has read (its digest).

    RefusedError for the author's own where the office asks for four eyes.
    """
    _must_be(plan, (PlanState.PROPOSED,))
    _in_time(plan, now)
    if who == plan.author and plan.four_eyes:
        raise RefusedError(_("{who} has made this plan: somebody else must approve it").format(who=who))
    if digest != plan.digest:
        raise ConflictError(_("this is not the plan you have read; look at {plan} again").format(plan=plan.id))
    approval = Approval(who=who, at=now, digest=digest)
    return plan.model_copy(update={"state": PlanState.APPROVED, "approvals": (*plan.approvals, approval)})


def begun_now(plan: Plan, who: str, now: dt.datetime) -> Plan:
    """The approved plan, which may begin outside the window."""
    _must_be(plan, (PlanState.APPROVED,))
    _in_time(plan, now)
    return plan.model_copy(update={"begin_now": who})


def ended(plan: Plan, state: PlanState, remark: Sentence) -> Plan:
    """The plan rejected, withdrawn or expired, which only one that waits can be."""
    _must_be(plan, _WAITING)
    return plan.model_copy(update={"state": state, "remark": remark})


def expired(plan: Plan, moved: Collection[str] = ()) -> Plan:
    """The plan whose time is over, or whose devices have `moved` since it was made."""
    if moved:
        remark = say(N_("{devices} runs something else than when the plan was made"), devices=", ".join(moved))
    else:
        remark = say(N_("it was not begun by {until}"), until=plan.until.isoformat(timespec="minutes"))
    return ended(plan, PlanState.EXPIRED, remark)


def altered(plan: Plan) -> Plan:
    """The approved plan that is no longer what was approved: nobody has read what it says now."""
    return ended(plan, PlanState.EXPIRED, say(N_("it is not what was approved")))


def overdue(plan: Plan, now: dt.datetime) -> bool:
    """Whether it waits, and its time is over."""
    return plan.state in _WAITING and now >= plan.until


def due(plan: Plan, now: dt.datetime, *, window_open: bool) -> bool:
    """Whether it may begin at this moment."""
    if plan.state is not PlanState.APPROVED or not plan.approvals or overdue(plan, now):
        return False
    return (window_open or bool(plan.begin_now)) and (plan.not_before is None or now >= plan.not_before)


def _must_be(plan: Plan, states: tuple[PlanState, ...]) -> None:
    if plan.state not in states:
        message = _("plan {plan} is {state}, not {wanted}")
        either = _("or")
        wanted = f" {either} ".join(state.value for state in states)
        raise ConflictError(message.format(plan=plan.id, state=plan.state.value, wanted=wanted))


def _in_time(plan: Plan, now: dt.datetime) -> None:
    if now >= plan.until:
        message = _("plan {plan} has expired: it was to begin by {until}; propose it again")
        raise InputError(message.format(plan=plan.id, until=plan.until.isoformat(timespec="minutes")))
