"""The desk's answers about plans and freezes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from api.desk.context import Context
from api.desk.verb import Bound, bound
from api.people.model import Caller
from api.plans import freezing, verbs
from api.plans.decisions import approve, begin, reject, withdraw
from api.plans.keep import find, keep
from api.plans.make import Wish, make
from api.plans.model import ENDED, Kind, PlanState
from api.plans.shelf import PLANS
from api.plans.shown import brief, shown, wait
from api.plans.stamp import stamp
from api.plans.times import end_of
from api.plans.verbs import Plans, Proposal, Proposed, Shown, Which, WhichPlan
from inventory.errors import ConflictError, SelectionError
from inventory.model import Device, Office
from inventory.select import select
from inventory.words import gettext as _

__all__ = ["handlers"]


def handlers(context: Context) -> Mapping[str, Bound]:
    """The verbs of this package."""
    return {
        **bound(
            (verbs.PROPOSE, partial(_propose, context)),
            (verbs.LIST, partial(_list, context)),
            (verbs.SHOW, partial(_show, context)),
            (verbs.APPROVE, partial(approve, context)),
            (verbs.REJECT, partial(reject, context)),
            (verbs.WITHDRAW, partial(withdraw, context)),
            (verbs.BEGIN, partial(begin, context)),
        ),
        **freezing.handlers(context),
    }


def _propose(context: Context, caller: Caller, asked: Proposal) -> Proposed:
    if asked.inventory is not None and asked.inventory != stamp(context.office):
        message = _(
            "fosa serve has read another inventory than this one; let it read it anew (systemctl reload fosa-work, or "
            "SIGHUP to fosa serve)"
        )
        raise ConflictError(message)
    devices = _chosen(context.office, asked)
    wish = Wish(
        kind=Kind.PUSH,
        author=caller.account,
        why=asked.why,
        until=None if asked.until is None else end_of(context.office, asked.until),
        on_site=asked.on_site,
    )
    plan = make(context, devices, wish)
    if not plan.devices:
        return Proposed(shown=None, left_out=plan.unjudged)
    return Proposed(shown=shown(context, keep(context.ledger, caller, plan)))


def _chosen(office: Office, asked: Proposal) -> tuple[Device, ...]:
    if asked.building is None:
        return select(office, asked.devices)
    names = {device.name for device in office.managed if device.building == asked.building}
    if asked.building not in {building.name for building in office.buildings}:
        raise SelectionError(_("there is no building {name}").format(name=asked.building))
    if not names:
        raise SelectionError(_("fosa configures nothing in building {name}").format(name=asked.building))
    return select(office, (*asked.devices, *sorted(names)))


def _list(context: Context, _caller: Caller, asked: Which) -> Plans:
    states = None if asked.all else [state for state in PlanState if state not in ENDED]
    rows = tuple(brief(kept.value) for kept in context.ledger.list(PLANS, states=states))
    held = wait(context)
    return Plans(plans=tuple(sorted(rows, key=lambda row: row.id, reverse=True)), closed=held.reason, opens=held.opens)


def _show(context: Context, _caller: Caller, asked: WhichPlan) -> Shown:
    return shown(context, find(context.ledger, asked.plan).value)
