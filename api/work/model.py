"""What the work itself keeps in the ledger: who wants a change stopped, which executors there are, what ran when."""

from __future__ import annotations

import datetime as dt

from api.store.ledger import Shelf
from inventory.model.base import Value

__all__ = ["EXECUTORS", "JOBS", "STOPS", "Executor", "JobRun", "Stop"]


class Stop(Value):
    """Somebody wants a change stopped; its key is the change's."""

    who: str
    at: dt.datetime


class Executor(Value):
    """A work process that may have changes in hand; its key is its name."""

    begun_at: dt.datetime
    lost_at: dt.datetime | None = None
    """Another one has gone on with what it had in hand."""
    taken_by: str = ""


class JobRun(Value):
    """The last time a periodic job was begun; its key is the job's name."""

    at: dt.datetime
    by: str
    """The executor that does it."""


STOPS = Shelf("stop", Stop)
EXECUTORS = Shelf("executor", Executor, lambda executor: "lost" if executor.lost_at else "here")
JOBS = Shelf("job", JobRun)
