"""Plans as they are shown: in full without their files, in a row, and why one waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from api.desk.context import Context
from api.plans.freezes import freezes
from api.plans.model import Plan, PlanState, Risk
from api.plans.verbs import Brief, Shown, Stands
from inventory.sentence import Sentence, say
from inventory.window import Closed, window
from inventory.words import noted as N_

__all__ = ["Wait", "brief", "shown", "stands", "wait"]


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a change does not begin, and when it can."""

    reason: Sentence | None = None
    opens: dt.datetime | None = None


def wait(context: Context) -> Wait:
    """Why no change begins at this moment; without a reason the window is open."""
    found = window(context.office, freezes(context.ledger), context.clock())
    return Wait(found.reason, found.until) if isinstance(found, Closed) else Wait()


def shown(context: Context, plan: Plan) -> Shown:
    """A plan in full, but for the text of its files."""
    held = _held(context, plan)
    plain = plan.model_copy(
        update={
            "devices": tuple(device.model_copy(update={"files": ()}) for device in plan.devices),
            "removes": tuple(device.model_copy(update={"files": ()}) for device in plan.removes),
        }
    )
    return Shown(plan=plain, digest=plan.digest, waits_for=held.reason, opens=held.opens)


def stands(context: Context, plan: Plan) -> Stands:
    """Where a plan is now."""
    held = _held(context, plan)
    return Stands(plan=plan.id, state=plan.state, waits_for=held.reason, opens=held.opens)


def brief(plan: Plan) -> Brief:
    """A plan in a row."""
    risks = {risk for device in plan.devices for risk in device.risks}
    return Brief(
        id=plan.id,
        kind=plan.kind,
        state=plan.state,
        author=plan.author,
        why=plan.why,
        made_at=plan.made_at,
        until=plan.until,
        devices=tuple(device.name for device in plan.devices),
        risks=tuple(risk for risk in Risk if risk in risks),
        approved_by=tuple(approval.who for approval in plan.approvals),
        remark=plan.remark,
    )


def _held(context: Context, plan: Plan) -> Wait:
    match plan.state:
        case PlanState.PROPOSED:
            return Wait(say(N_("it waits for somebody's approval")))
        case PlanState.APPROVED if plan.not_before is not None and context.clock() < plan.not_before:
            return Wait(say(N_("it is not to begin before {when}"), when=plan.not_before.isoformat(timespec="minutes")))
        case PlanState.APPROVED if not plan.begin_now:
            return wait(context)
        case _:
            return Wait()
