"""A plan is made: what runs is read, what should run is laid beside it, and both are judged. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.desk.context import Context
from api.plans.judged import judged
from api.plans.laid import lay
from api.plans.model import Device, Kind, Plan
from api.plans.number import day_of, next_id
from api.plans.removal import removal_of
from api.plans.touched import Looked, guarded, planned
from inventory.errors import DriverError, InputError
from inventory.model import Device as Managed
from inventory.sentence import Sentence, say
from inventory.words import gettext as _
from inventory.words import noted as N_
from playbooks.drivers.base import Bundle, Failure
from playbooks.reach import Compared, Target, compare
from templates.render import render

__all__ = ["Wish", "make"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan is wanted for, and by whom."""

    kind: Kind
    author: str
    """An account's name, or `schedule:NAME`."""
    why: str
    until: dt.datetime | None = None
    """None: as long as the office lets a plan wait."""
    not_before: dt.datetime | None = None
    on_site: str = ""
    follows: str = ""
    """The plan this one removes, restores or undoes."""
    drill: str = ""
    """The tunnel that is taken down for some seconds."""


def make(context: Context, devices: Sequence[Managed], wish: Wish, bundles: Mapping[str, Bundle] | None = None) -> Plan:
    """The plan that makes the devices what the inventory says, or what `bundles` has for them by name.

    It has no devices when there is nothing to do. Devices that could not be read are left out and named in `unjudged`;
    DriverError when that is all of them. RefusedError when a device that does not guard itself would be cut off and
    nobody is on site. Kept by nobody: see `keep`. Blocks for seconds.
    """
    now, office = context.clock(), context.office
    given = bundles or {}
    wanted = {each.name: given.get(each.name) or render(office, each, day_of(office, now)) for each in devices}
    found = compare(tuple(Target(each.name, context.driver(each), wanted[each.name]) for each in devices))
    answers = {name: answer for name, answer in found.items() if isinstance(answer, Compared)}
    failures = {name: answer for name, answer in found.items() if isinstance(answer, Failure)}
    if failures and not answers:
        raise DriverError("\n".join(f"{name}: {failure}" for name, failure in failures.items()))
    looked = (Looked(each, answers[each.name], wanted[each.name]) for each in devices if each.name in answers)
    touched = [(one, device) for one in looked if (device := planned(office, one)) is not None]
    guarded((device for _one, device in touched), wish.on_site)
    unread = tuple(say(_LEFT_OUT, device=name, why=failure) for name, failure in failures.items())
    return _plan(context, wish, touched, unread)


_LEFT_OUT = N_("{device} could not be read and is not part of this plan: {why}")


def _plan(context: Context, wish: Wish, touched: list[tuple[Looked, Device]], unread: tuple[Sentence, ...]) -> Plan:
    office, now = context.office, context.clock()
    until = wish.until or now + dt.timedelta(days=office.changes.plan_days)
    if until <= now:
        raise InputError(_("the plan would be over before it is made: {until}").format(until=until.isoformat()))
    judgement = judged(office, [one for one, _device in touched], now)
    removal = removal_of(context, touched) if wish.kind is Kind.PUSH else None
    laid = lay(office, [one.device for one, _device in touched], (one.compared for one, _device in touched))
    return Plan(
        id=next_id(context.ledger, day_of(office, now)),
        kind=wish.kind,
        author=wish.author,
        why=wish.why,
        made_at=now,
        until=until,
        not_before=wish.not_before,
        devices=tuple(device for _one, device in touched),
        waves=laid.waves,
        together=laid.together,
        fixed=judgement.fixed,
        caused=judgement.caused,
        unjudged=(*unread, *judgement.unjudged),
        four_eyes=office.changes.four_eyes,
        on_site=wish.on_site,
        revert_after_s=office.changes.revert_after_s,
        removal=removal.ends if removal else None,
        removes=removal.devices if removal else (),
        follows=wish.follows,
        drill=wish.drill,
    )
