"""What stands in the ledger, counted for who cannot read it."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from api.archive.drifted import ROUNDS
from api.archive.kept import CHECKS, OFFICE
from api.changes.model import ChangeState
from api.changes.shelf import CHANGES
from api.desk.context import Context
from api.drills import told
from api.drills.shelf import DRILLS
from api.keys.model import Due
from api.keys.register import THRESHOLDS, standing
from api.keys.shelf import CERTIFICATES
from api.plans.model import ENDED, PlanState
from api.plans.shelf import PLANS
from api.store.ledger import Ledger
from api.tally import Ending, Tally, place, write

__all__ = ["tally", "tell"]

_FAILED = (ChangeState.REVERTED, ChangeState.PARTLY, ChangeState.UNKNOWN)
_OPEN = tuple(state for state in PlanState if state not in ENDED)
_DAY = dt.timedelta(days=1)
_AT_MOST = 100
"""More failures of a day are not counted."""


def tell(context: Context) -> None:
    """Write it where the edge reads it, and the drills where the watch does, which judges."""
    write(place(context.settings.state), tally(context))
    drills = tuple(kept.value for kept in context.ledger.list(DRILLS))
    told.tell(told.place(context.settings.state), drills)


def tally(context: Context) -> Tally:
    """What stands now."""
    ledger, now = context.ledger, context.clock()
    found = Counter(kept.value.state for kept in ledger.list(PLANS, states=_OPEN))
    round_, checked = ledger.get(ROUNDS, "office"), ledger.get(CHECKS, OFFICE)
    managed = {device.name for device in context.office.managed}
    looks = round_.value.devices if round_ else {}
    return Tally(
        at=now,
        plans={state.value: found[state] for state in _OPEN},
        changes=_changes(ledger, now),
        devices={name: look.standing for name, look in looks.items() if name in managed},
        certificates=_certificates(ledger, now),
        history=checked.value if checked else None,
    )


def _changes(ledger: Ledger, now: dt.datetime) -> dict[str, int]:
    under_way = ledger.list(CHANGES, states=(ChangeState.QUEUED, ChangeState.RUNNING))
    found = Counter(kept.value.state.value for kept in under_way)
    failed = ledger.list(CHANGES, states=_FAILED, limit=_AT_MOST)
    recent = sum(kept.value.ended_at is not None and now - kept.value.ended_at < _DAY for kept in failed)
    return {"queued": found["queued"], "running": found["running"], "failed": recent}


def _certificates(ledger: Ledger, now: dt.datetime) -> tuple[Ending, ...]:
    """Those in use: what is revoked or replaced is nobody's concern."""
    kept = (each.value for each in ledger.list(CERTIFICATES, limit=10_000))
    used = (one for one in kept if one.revoked_at is None and not one.gone)
    found = (_ending(standing(one, now.date())) for one in used)
    return tuple(sorted(found, key=lambda one: (one.where, one.subject, one.days)))


def _ending(due: Due) -> Ending:
    one = due.certificate
    return Ending(
        where=one.where,
        subject=one.subject,
        days=due.days,
        until=one.not_after.date(),
        lead_days=one.lead_days,
        notice=due.threshold if due.threshold <= max(THRESHOLDS) else None,
    )
