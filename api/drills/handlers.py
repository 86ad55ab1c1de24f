"""The desk's answers about drills."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from api.desk.context import Context
from api.desk.verb import Bound, Nothing, bound
from api.drills import verbs
from api.drills.bundle import without
from api.drills.shelf import DRILLS
from api.drills.verbs import Drills, Rehearsal
from api.drills.way import Stage, stage
from api.people.model import Caller
from api.plans.keep import keep
from api.plans.make import Wish, make
from api.plans.model import Kind
from api.plans.number import day_of
from api.plans.shown import shown
from api.plans.verbs import Shown
from inventory.errors import ConflictError
from inventory.model import Device
from inventory.pairs import pair_of
from inventory.words import gettext as _
from playbooks.drivers.base import Status
from templates.render import render

__all__ = ["handlers"]


def handlers(context: Context) -> Mapping[str, Bound]:
    """The verbs of this package."""
    return bound((verbs.PROPOSE, partial(_propose, context)), (verbs.LIST, partial(_list, context)))


def _propose(context: Context, caller: Caller, asked: Rehearsal) -> Shown:
    """A plan whose difference is the one connection that goes for some seconds. ConflictError where there is more."""
    found = _stage(context, asked.tunnel)
    rendered = render(context.office, found.near, day_of(context.office, context.clock()))
    bundles = {found.near.name: without(rendered, asked.tunnel)}
    wish = Wish(kind=Kind.DRILL, author=caller.account, why=asked.why, drill=asked.tunnel)
    plan = make(context, [found.near], wish, bundles)
    other = [diff.section for device in plan.devices for diff in device.diffs if diff.section not in _SECTIONS]
    if other:
        text = _("{device} does not run what the inventory says ({sections}): a drill would change that, too")
        raise ConflictError(text.format(device=found.near.name, sections=", ".join(other)))
    return shown(context, keep(context.ledger, caller, plan, "drill.propose"))


def _stage(context: Context, tunnel: str) -> Stage:
    """On the gateway that has the tunnel: of two that share it the one that works."""
    found = stage(context.office, tunnel)
    pair = pair_of(context.office, found.near.name)
    if pair is None or _has(context, pair.first, tunnel) or not _has(context, pair.standby, tunnel):
        return found
    return stage(context.office, tunnel, pair.standby.name)


def _has(context: Context, device: Device, tunnel: str) -> bool:
    status = context.driver(device).status()
    return isinstance(status, Status) and tunnel in status.up


_SECTIONS = frozenset({"charon connections", "file /etc/swanctl/conf.d/fosa.conf"})


def _list(context: Context, _caller: Caller, _asked: Nothing) -> Drills:
    return Drills(drills=tuple(kept.value for kept in context.ledger.list(DRILLS)))
