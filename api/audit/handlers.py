"""Who answers what is asked of the audit, and what of it is done periodically."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from pathlib import Path

from api.audit import verbs
from api.audit.keeper import Keeper
from api.audit.search import search
from api.audit.verbs import PAGE, Checkpoints, From, Head, Made, Rows, Search, Shown
from api.desk.context import Context
from api.desk.verb import Bound, Nothing, bound
from api.people.model import Action, Caller
from api.people.permissions import require
from api.people.registry import deed

__all__ = ["EVERY_S", "answers_of", "handlers", "keeper_of", "look"]

EVERY_S = 30.0
"""How often it is looked whether a checkpoint is due."""
_log = logging.getLogger(__name__)


def keeper_of(context: Context) -> Keeper:
    """The audit of the office."""
    settings = context.settings
    return Keeper(
        ledger=context.ledger,
        folder=context.folder,
        office=context.office.name,
        away=Path(settings.checkpoints) if settings.checkpoints else None,
        kept_for=dt.timedelta(days=settings.audit_days),
        now=context.clock,
    )


def look(context: Context) -> None:
    """Make a checkpoint when one is due; what keeps it from leaving the machine goes into the log."""
    for hindrance in keeper_of(context).look():
        _log.warning("%s", hindrance)


def handlers(context: Context) -> Mapping[str, Bound]:
    """The verbs of the audit, by name."""
    return answers_of(keeper_of(context))


def answers_of(keeper: Keeper) -> Mapping[str, Bound]:
    """The same of one keeper."""
    answers = _Answers(keeper)
    return bound(
        (verbs.HEAD, answers.head),
        (verbs.READ, answers.read),
        (verbs.CHECKPOINTS, answers.checkpoints),
        (verbs.CHECKPOINT, answers.checkpoint),
        (verbs.SHOW, answers.show),
    )


class _Answers:
    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    def head(self, caller: Caller, _asked: Nothing) -> Head:
        require(caller, Action.AUDIT, own=False)
        last, mark = self._keeper.ledger.last()
        return Head(office=self._keeper.office, last=last, hash=mark, key=self._keeper.public())

    def read(self, caller: Caller, asked: From) -> Rows:
        require(caller, Action.AUDIT, own=False)
        return Rows(rows=self._keeper.ledger.entries(after=asked.after, limit=PAGE))

    def checkpoints(self, caller: Caller, asked: From) -> Checkpoints:
        """`after` counts checkpoints, not records."""
        require(caller, Action.AUDIT, own=False)
        return Checkpoints(checkpoints=self._keeper.checkpoints()[asked.after : asked.after + PAGE])

    def checkpoint(self, caller: Caller, _asked: Nothing) -> Made:
        require(caller, Action.AUDIT, own=False)
        self._keeper.ledger.write(deed(caller, verbs.CHECKPOINT.name, "audit"))
        made, hindrances = self._keeper.make()
        return Made(checkpoint=made, hindrances=hindrances)

    def show(self, caller: Caller, asked: Search) -> Shown:
        """Anybody may see what is said of himself."""
        require(caller, Action.AUDIT, own=asked.who == caller.account)
        return search(self._keeper.ledger, asked)
