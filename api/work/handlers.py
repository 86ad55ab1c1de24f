"""The desk's answers about changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.chain import Deed
from api.changes.model import Change
from api.changes.shelf import CHANGES
from api.desk.context import Context
from api.desk.verb import Bound, Nothing, bound
from api.people.model import Action, Caller
from api.people.permissions import require
from api.plans.shelf import PLANS
from api.store.ledger import Put
from api.work import verbs
from api.work.model import STOPS, Stop
from api.work.verbs import Changes, WhichChange
from inventory.errors import ConflictError, SelectionError
from inventory.words import gettext as _

__all__ = ["handlers"]

_SHOWN = 200


def handlers(context: Context) -> Mapping[str, Bound]:
    """The verbs of this package."""
    desk = _Changes(context)
    return bound((verbs.LIST, desk.list), (verbs.SHOW, desk.show), (verbs.STOP, desk.stop))


@dataclass(frozen=True, slots=True)
class _Changes:
    context: Context

    def list(self, _caller: Caller, _asked: Nothing) -> Changes:
        """The changes that moved last."""
        found = self.context.ledger.list(CHANGES, limit=_SHOWN)
        return Changes(changes=tuple(kept.value for kept in found))

    def show(self, _caller: Caller, asked: WhichChange) -> Change:
        """One change."""
        return self._find(asked.plan)

    def stop(self, caller: Caller, asked: WhichChange) -> Change:
        """Have what is not confirmed taken back. Saying it again changes nothing."""
        change = self._find(asked.plan)
        plan = self.context.ledger.get(PLANS, asked.plan)
        require(caller, Action.STOP, own=plan is not None and plan.value.author == caller.account)
        if change.ended_at is not None:
            raise ConflictError(
                _("the change {plan} has ended; fosa undo takes the last change of a device back").format(
                    plan=change.plan
                )
            )
        if self.context.ledger.get(STOPS, asked.plan) is None:
            deed = Deed(
                who=caller.account, origin=caller.origin, action=verbs.STOP.name, subject=f"change {asked.plan}"
            )
            stop = Stop(who=caller.account, at=self.context.clock())
            self.context.ledger.write(deed, [Put(STOPS, asked.plan, stop)])
        return change

    def _find(self, name: str) -> Change:
        found = self.context.ledger.get(CHANGES, name)
        if found is not None:
            return found.value
        if self.context.ledger.get(PLANS, name) is None:
            raise SelectionError(_("there is no plan {name}; fosa plans shows them").format(name=name))
        text = _("the change of plan {name} has not begun; fosa plans {name} tells what it waits for")
        raise ConflictError(text.format(name=name))
