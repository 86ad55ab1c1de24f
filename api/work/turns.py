"""Whose turn it is: approved plans whose time has come are queued, and no change is left lying."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from api.changes.model import ChangeState
from api.changes.shelf import CHANGES
from api.store.ledger import Ledger
from api.work.engine import Engine, Fate
from api.work.record import Record
from inventory.errors import ConflictError

__all__ = ["Turns"]

_log = logging.getLogger(__name__)
_OPEN = (ChangeState.QUEUED.value, ChangeState.RUNNING.value)


@dataclass(slots=True)
class Turns:
    """To be called every second."""

    ledger: Ledger
    record: Record
    engine: Engine
    due: Callable[[], Iterable[str]]
    """The ids of the plans that may begin now."""
    _given_up: set[str] = field(default_factory=set)
    _names: dict[str, str] = field(default_factory=dict)

    def __call__(self) -> None:
        """Look after what is open; when nothing is, queue the first plan that is due.

        One after the other, so that no plan waits in the queue while its window closes.
        """
        changes = self.ledger.list(CHANGES, states=_OPEN)
        if not changes and (first := next(iter(self.due()), None)) is not None:
            self._queue(first)
            changes = self.ledger.list(CHANGES, states=_OPEN)
        for kept in changes:
            self._look_after(kept.key)

    def _queue(self, key: str) -> None:
        try:
            self.record.queue(self.record.plan(key))
        except ConflictError:
            # Another worker has queued it in this very moment.
            return

    def _look_after(self, key: str) -> None:
        """The record comes first, the engine's work is made from it: a crash between them, or an engine's database that
        was lost, leaves a change that the engine does not know.
        """
        name = self._name(key)
        fate = self.engine.fate(name)
        if fate in {Fate.WAITING, Fate.RUNNING}:
            return
        found = self.ledger.get(CHANGES, key)
        if found is None or found.value.ended_at is not None:
            return
        if found.value.state is ChangeState.QUEUED and fate is Fate.UNKNOWN:
            self.engine.put("change", key, name)
        else:
            self._settle(key)

    def _name(self, key: str) -> str:
        """What the engine calls it. With the plan's digest: a ledger that was put back gives the same ids again."""
        if key not in self._names:
            self._names = {key: f"{key} {self.record.plan(key).digest[:12]}"}
        return self._names[key]

    def _settle(self, key: str) -> None:
        settling = f"{self._name(key)} settle"
        fate = self.engine.fate(settling)
        if fate is Fate.UNKNOWN:
            _log.warning("change %s broke off: taking back what is not confirmed", key)
            self.engine.put("settle", key, settling)
        elif fate in {Fate.BROKEN, Fate.DONE} and key not in self._given_up:
            self._given_up.add(key)
            _log.error("change %s could not be settled: each device's own dead-man has decided", key)
