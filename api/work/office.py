"""The work of an office as it is put together: whose turn it is, what is kept and judged, what is done periodically."""

from __future__ import annotations

from functools import partial

from api.accounts.handlers import registry_of
from api.archive.checked import SCHEDULE, looked
from api.archive.drift import EVERY_S, Drifts
from api.archive.handlers import archive_of
from api.archive.keeper import Keeper
from api.audit.handlers import EVERY_S as EVERY_CHECKPOINT_S
from api.audit.handlers import keeper_of, look
from api.desk.context import Context
from api.drills.kept import drilled
from api.keys.handlers import daily
from api.people.sweep import sweep
from api.plans.due import due
from api.plans.removals import EVERY_S as REMOVALS_S
from api.plans.removals import removals
from api.tally import EVERY_S as TALLY_S
from api.work.hands import Hooks
from api.work.jobs import Job
from api.work.service import Service, Wishes
from api.work.sights import seen
from api.work.standing import tell
from api.work.worse import Worse

__all__ = ["service"]

_HOUR_S, _DAY_S = 3600.0, 86400.0


def service(context: Context) -> Service:
    """The work of this office; its ledger must have been migrated before it is started."""
    archive = archive_of(context)
    keeper = Keeper(archive, context.ledger)
    jobs = (
        Job("drift", EVERY_S, Drifts(context, archive).every),
        Job("keys", _HOUR_S, partial(daily, context)),
        Job("checkpoints", EVERY_CHECKPOINT_S, partial(look, context), recorded=False),
        Job("audit", _DAY_S, keeper_of(context).forget),
        Job("history", _DAY_S, partial(looked, archive, context.ledger, context.clock, SCHEDULE)),
        Job("people", _DAY_S, partial(sweep, registry_of(context))),
        Job("standing", TALLY_S, partial(tell, context), recorded=False),
        Job("removals", REMOVALS_S, partial(removals, context)),
    )
    hooks = Hooks(keeper.found, keeper.confirmed, Worse(context, archive), seen, drilled)
    wishes = Wishes(due=due, hooks=hooks, jobs=jobs)
    return Service(lambda: context, wishes)
