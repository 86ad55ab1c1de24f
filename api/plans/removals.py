"""A temporary flow has ended: its removal becomes a plan, approved already if it is just what was approved then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.chain import Deed
from api.desk.context import Context
from api.plans.due import SCHEDULE
from api.plans.keep import keep
from api.plans.make import Wish, make
from api.plans.model import Device, Kind, Plan, PlanState
from api.plans.number import day_of
from api.plans.settled import SETTLED, Settled
from api.plans.shelf import PLANS
from api.store.ledger import Put
from inventory.errors import DriverError
from inventory.model import Device as Managed
from inventory.words import gettext as _
from templates.render import render

__all__ = ["EVERY_S", "removals"]

EVERY_S = 600.0
"""How often it is looked whether something has ended."""

_BACK = dt.timedelta(days=30)
"""How long after its end a flow is looked for that nobody has planned to remove."""
_DAY = dt.timedelta(days=1)
_ACTION = "plan.remove"
_AGAIN = frozenset({PlanState.EXPIRED, PlanState.FAILED})


@dataclass(frozen=True, slots=True)
class _End:
    """The end of something temporary, on the devices where nothing is settled yet."""

    day: dt.date
    devices: tuple[Managed, ...]
    approved: Mapping[str, tuple[Plan, Device]]
    """By device: what was approved for this day, and with which plan."""


def removals(context: Context) -> tuple[str, ...]:
    """Make the plans whose day has come; their names. For the schedule, every few minutes: reads devices when one has.

    A removal waits for approval unless its lines are those that somebody has approved with the adding. Devices that
    cannot be read are tried again the next time; a removal that failed or expired, on the next day.
    """
    return tuple(name for end in _ends(context) for name in _planned(context, end))


def _ends(context: Context) -> Iterator[_End]:
    today = day_of(context.office, context.clock())
    done = [kept.value for kept in reversed(context.ledger.list(PLANS, states=(PlanState.DONE,)))]
    days = {plan.removal for plan in done} | {flow.until for flow in context.office.flows}
    for day in sorted(day for day in days if day is not None and today - _BACK <= day < today):
        approved = {device.name: (plan, device) for plan in done if plan.removal == day for device in plan.removes}
        settled = _settled(context, day, today)
        devices = tuple(
            device
            for device in context.office.managed
            if device.name not in settled and (device.name in approved or _differs(context, device, day))
        )
        if devices:
            yield _End(day, devices, approved)


def _differs(context: Context, device: Managed, day: dt.date) -> bool:
    """Whether anything on a device ends with that day."""
    then, later = render(context.office, device, day), render(context.office, device, day + _DAY)
    return then.files != later.files


def _settled(context: Context, day: dt.date, today: dt.date) -> frozenset[str]:
    """The devices where a plan has been made for this end, or there was nothing to do."""
    kept = context.ledger.get(SETTLED, day.isoformat())
    if kept is None:
        return frozenset()
    plans = {device: context.ledger.get(PLANS, name) for device, name in kept.value.devices.items() if name}
    again = {
        device
        for device, plan in plans.items()
        if plan is not None and plan.value.state in _AGAIN and day_of(context.office, plan.value.made_at) < today
    }
    return frozenset(kept.value.devices) - again


def _planned(context: Context, end: _End) -> Iterator[str]:
    """Make the plans for one end, one of what was approved and one of what was not; remember that this was done."""
    looks = [look for device in end.devices if (look := _look(context, end, device)) is not None]
    found = {look.device.name: "" for look in looks if look.nothing}
    for agreed in (True, False):
        same = [look for look in looks if not look.nothing and look.agreed is agreed]
        if same and (plan := _made(context, end, same)) is not None:
            name = keep(context.ledger, SCHEDULE, plan, _ACTION).id
            found |= dict.fromkeys((device.name for device in plan.devices), name)
            yield name
    if found:
        _settle(context, end.day, found)


def _settle(context: Context, day: dt.date, found: Mapping[str, str]) -> None:
    kept = context.ledger.get(SETTLED, day.isoformat())
    before = kept.value.devices if kept else {}
    deed = Deed(who=SCHEDULE.account, origin=SCHEDULE.origin, action=_ACTION, subject=f"end {day}")
    put = Put(SETTLED, day.isoformat(), Settled(devices={**before, **found}), kept.version if kept else 0)
    context.ledger.write(deed, [put])


# ---- What was approved already ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Look:
    """What a removal would be on one device."""

    device: Managed
    nothing: bool = False
    """It runs as it should."""
    agreed: bool = False
    """The lines are those that were approved with the adding."""
    bundle: Device | None = None
    """The files they come from: those approved then; None: what the inventory says now."""


def _look(context: Context, end: _End, device: Managed) -> _Look | None:
    """None where the device cannot be read.

    What was approved counts even where the inventory has moved on since: then its files of that day are tried.
    """
    try:
        fresh = make(context, [device], _wish(context, end))
        if not fresh.devices:
            return _Look(device, nothing=True)
        if _as_approved(end, fresh):
            return _Look(device, agreed=True)
        if device.name in end.approved:
            bundle = end.approved[device.name][1]
            if _as_approved(end, make(context, [device], _wish(context, end), {device.name: bundle})):
                return _Look(device, agreed=True, bundle=bundle)
    except DriverError:
        return None
    return _Look(device)


def _made(context: Context, end: _End, looks: Sequence[_Look]) -> Plan | None:
    """The plan for these devices, with the approvals it has; None when a device has gone meanwhile."""
    bundles = {look.device.name: look.bundle for look in looks if look.bundle is not None}
    try:
        plan = make(context, [look.device for look in looks], _wish(context, end), bundles)
    except DriverError:
        return None
    if not plan.devices:
        return None
    if not _as_approved(end, plan):
        return plan
    sources = {source.id: source for device in plan.devices for source in (end.approved[device.name][0],)}
    approvals = tuple(approval for source in sources.values() for approval in source.approvals)
    return plan.model_copy(update={"state": PlanState.APPROVED, "approvals": approvals, "follows": ", ".join(sources)})


def _as_approved(end: _End, plan: Plan) -> bool:
    """Whether every line that comes or goes was approved for this day."""
    return bool(plan.devices) and all(
        device.name in end.approved and end.approved[device.name][1].group == device.group for device in plan.devices
    )


def _wish(context: Context, end: _End) -> Wish:
    flows = ", ".join(flow.name for flow in context.office.flows if flow.until == end.day)
    why = _("{flows}: was allowed until {day}").format(flows=flows or _("temporary"), day=end.day)
    return Wish(Kind.REMOVAL, SCHEDULE.account, why)
