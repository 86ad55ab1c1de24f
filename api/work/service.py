"""The work of an office: its changes made, its periodic jobs done, until the process ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from api.desk.context import Context
from api.store.place import Place
from api.work.afterwards import EVERY_S, Afterwards
from api.work.course import Course
from api.work.engine import Engine, Seat
from api.work.hands import Hands, Hooks
from api.work.jobs import Job, Jobs
from api.work.leaps import EVERY_S as LEAPS_S
from api.work.leaps import Leaps
from api.work.record import Record
from api.work.takeover import Takeover, arrive
from api.work.turns import Turns

__all__ = ["Service", "Wishes"]

_DAY_S = 86400.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What other packages want of the work."""

    due: Callable[[Context], Iterable[str]]
    """The ids of the plans that may begin now; expires the others. Asked every second."""
    hooks: Hooks = field(default_factory=Hooks)
    jobs: Sequence[Job] = ()


class Service:
    """One to a process."""

    def __init__(self, context: Callable[[], Context], wishes: Wishes, *, silence_s: float = 60.0) -> None:
        """Start nothing yet. `context` may give another one after the inventory was read anew; ledger, settings and
        clock stay those of the first. Another worker on the same PostgreSQL is taken for dead after `silence_s`.
        """
        first = context()
        executor = first.settings.executor
        self._first, self._closing, self._silence_s = first, threading.Event(), silence_s
        self.record = Record(first.ledger, first.clock, executor, self._closing)
        hands = Hands(context, wishes.hooks)
        course, self._afterwards = Course(self.record, hands), Afterwards(self.record, hands)
        seat = Seat(first.settings.work_store, executor, first.office.name)
        self.engine = Engine(seat, {"change": course.change, "settle": course.settle})
        self.turns = Turns(first.ledger, self.record, self.engine, lambda: wishes.due(context()))
        rows = (*self._own(), *wishes.jobs)
        self._jobs = Jobs(rows, first.ledger, first.clock, executor)

    def start(self) -> None:
        """Go on with what was in hand, and begin to look for more. InputError and StoreError as for a store."""
        arrive(self._first.ledger, self._first.settings.executor, self._first.clock())
        self.engine.start()
        self._jobs.start()

    def close(self, patience_s: int = 0) -> None:
        """Begin nothing more and wait so long for the step in hand. The rest is gone on with at the next start."""
        self._closing.set()
        self._jobs.close()
        self.engine.close(patience_s)

    def _own(self) -> tuple[Job, ...]:
        rows = (
            Job("turns", 1.0, self.turns, recorded=False),
            Job("gather", 5.0, self.engine.gather, recorded=False),
            Job("afterwards", EVERY_S, self._afterwards, recorded=False),
            Job("forget", _DAY_S, self.engine.forget),
            Job("clock", LEAPS_S, Leaps(self._first.ledger, self._first.clock), recorded=False),
        )
        if Place.of(self._first.settings.work_store).file is not None:
            # Whoever is started under the same name goes on with the work; there is nobody else.
            return rows
        settings, ledger = self._first.settings, self._first.ledger
        takeover = Takeover(ledger, settings.executor, self.engine.recover, self._first.clock, self._silence_s)
        return (*rows, Job("takeover", self._silence_s / 6, takeover, recorded=False))
