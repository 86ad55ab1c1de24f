"""Freezes: the window closed for everybody, and opened again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from api.chain import Deed
from api.desk.context import Context
from api.desk.verb import Bound, Nothing, bound
from api.people.model import Caller
from api.plans.freezes import FREEZES, THE_FREEZE, freezes
from api.plans.number import day_of
from api.plans.verbs import END_FREEZE, FREEZE, Freezes, Freezing
from api.plans.verbs import FREEZES as LIST
from api.store.ledger import Put
from inventory.errors import ConflictError, InputError
from inventory.window import Freeze
from inventory.words import gettext as _

__all__ = ["handlers"]


def handlers(context: Context) -> Mapping[str, Bound]:
    """The verbs about freezes."""
    return bound(
        (FREEZE, partial(_set, context)), (END_FREEZE, partial(_end, context)), (LIST, partial(_list, context))
    )


def _set(context: Context, caller: Caller, asked: Freezing) -> Nothing:
    today = day_of(context.office, context.clock())
    if asked.until is not None and asked.until < today:
        raise InputError(_("{until} is over already").format(until=asked.until))
    kept = context.ledger.get(FREEZES, THE_FREEZE)
    freeze = Freeze(why=asked.why, by=caller.account, since=context.clock(), until=asked.until)
    detail = {"why": asked.why, "until": str(asked.until or "")}
    put = Put(FREEZES, THE_FREEZE, freeze, kept.version if kept else 0)
    context.ledger.write(_deed(caller, FREEZE.name, detail), [put])
    return Nothing()


def _end(context: Context, caller: Caller, _asked: Nothing) -> Freezes:
    kept = context.ledger.get(FREEZES, THE_FREEZE)
    if kept is None:
        raise ConflictError(_("there is no freeze to be ended"))
    context.ledger.write(_deed(caller, END_FREEZE.name, {}), [Put(FREEZES, THE_FREEZE, None, kept.version)])
    return Freezes(freezes=(kept.value,))


def _list(context: Context, _caller: Caller, _asked: Nothing) -> Freezes:
    today = day_of(context.office, context.clock())
    return Freezes(freezes=tuple(each for each in freezes(context.ledger) if each.until is None or today <= each.until))


def _deed(caller: Caller, action: str, detail: dict[str, str]) -> Deed:
    return Deed(who=caller.account, origin=caller.origin, action=action, subject="window", detail=detail)
