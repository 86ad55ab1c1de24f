"""Going on with the changes of a worker that has fallen silent. For several workers on one PostgreSQL only."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from api.chain import Deed
from api.store.ledger import Ledger, Put
from api.work.model import EXECUTORS, Executor
from inventory.errors import ConflictError

__all__ = ["Takeover", "arrive"]


def arrive(ledger: Ledger, executor: str, now: dt.datetime) -> None:
    """Say that an executor is at work, so that the others know whom to listen for."""
    found = ledger.get(EXECUTORS, executor)
    deed = Deed(who="schedule:work", origin="schedule", action="work.begin", subject=_subject(executor))
    ledger.write(deed, [Put(EXECUTORS, executor, Executor(begun_at=now), found.version if found else 0)])


@dataclass(slots=True)
class Takeover:
    """Beats for this executor, and listens for the others. To be called every few seconds.

    Silence is measured by our own clock, from the last beat we saw come: no two machines' clocks are compared.
    """

    ledger: Ledger
    executor: str
    recover: Callable[[str], tuple[str, ...]]
    """Puts the work of a dead executor back into the queue; doing it twice is harmless."""
    wall: Callable[[], dt.datetime]
    silence_s: float = 60.0
    clock: Callable[[], float] = time.monotonic
    _heard: dict[str, tuple[int, float]] = field(default_factory=dict)

    def __call__(self) -> tuple[str, ...]:
        """The work that was taken over."""
        self.ledger.tell(_subject(self.executor), "{}", alone=True)
        self._come_back()
        taken: list[str] = []
        for kept in self.ledger.list(EXECUTORS, states=["here"]):
            if kept.key != self.executor and self._silent(kept.key):
                # First the work, then the record: a crash between them leaves it to be done again.
                keys = self.recover(kept.key)
                lost = kept.value.model_copy(update={"lost_at": self.wall(), "taken_by": self.executor})
                self._write(kept.key, keys, Put(EXECUTORS, kept.key, lost, kept.version))
                taken += keys
        return tuple(taken)

    def _come_back(self) -> None:
        """Who was taken for dead and is not says so: what it had in hand is another's now, what comes is not."""
        own = self.ledger.get(EXECUTORS, self.executor)
        if own is not None and own.value.lost_at is not None:
            arrive(self.ledger, self.executor, self.wall())

    def _silent(self, executor: str) -> bool:
        lines = self.ledger.told(_subject(executor))
        beat, now = (lines[-1].id if lines else 0), self.clock()
        before = self._heard.get(executor)
        if before is None or before[0] != beat:
            self._heard[executor] = (beat, now)
            return False
        return now - before[1] >= self.silence_s

    def _write(self, lost: str, keys: tuple[str, ...], put: Put[Executor]) -> None:
        detail: Mapping[str, str] = {"by": self.executor, "changes": ", ".join(keys)}
        deed = Deed(
            who="schedule:work",
            origin="schedule",
            action="work.take_over",
            subject=_subject(lost),
            detail=dict(detail),
        )
        try:
            self.ledger.write(deed, [put])
        except ConflictError:
            # Another one has been quicker, or it is back. The work is in the queue either way, once.
            return


def _subject(executor: str) -> str:
    return f"executor {executor}"
