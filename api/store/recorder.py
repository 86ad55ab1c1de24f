"""Writes what the watch finds into the store, in a thread of its own: a store that is gone must not stop the watch."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Condition, Thread

from api.store.shelf import Shelf
from api.store.store import Batch, Store
from inventory.errors import StoreError, StoreGoneError
from inventory.sentence import say
from inventory.words import noted as N_
from monitor.compliance.model import Report
from monitor.results import Event, Watched
from monitor.snmp.model import Polled

__all__ = ["PACE", "Pace", "Recorder"]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often, in seconds on a clock that nobody sets."""

    picture_s: float = 5.0
    """A picture is written this often when nothing happens, and at once together with events."""
    first_wait_s: float = 0.2
    """After a failure; doubled with each that follows."""
    longest_wait_s: float = 5.0
    renew_s: float = 60.0
    """A store that has been gone for so long is begun anew: until then somebody may put it back."""


PACE = Pace()


class Recorder:
    """Takes events, pictures and reports and writes them as soon as the store lets it, each exactly once."""

    def __init__(self, store: Store, pace: Pace = PACE) -> None:
        """Nothing is written before `start`. The recorder migrates the store itself, and closes it at its end."""
        self._store, self._pace = store, pace
        self._shelf = Shelf(pace.picture_s)
        self._change = Condition()
        self._thread = Thread(target=self._run, name="recorder", daemon=True)
        self._ready = False
        self._hurrying = 0
        self._retry = self._ended = False
        self._trouble: StoreError | None = None
        self._gone_since: float | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def put(
        self,
        events: tuple[Event, ...] = (),
        picture: Watched | None = None,
        report: Report | None = None,
        polled: Polled | None = None,
    ) -> None:
        """Take over what is to be written. Never waits for the store; from any thread."""
        with self._change:
            self._shelf.put(events, picture, report, polled)
            self._change.notify_all()

    @property
    def problem(self) -> str:
        """Why nothing can be written just now, and what was lost, in the language in use; empty when all is well."""
        parts = []
        if (trouble := self._trouble) is not None:
            parts.append(str(trouble))
            if waiting := self._shelf.events:
                parts.append(str(say(N_("events waiting in memory: {count}"), count=waiting)))
        if lost := self._shelf.lost:
            parts.append(str(say(N_("events lost while the store could not be written: {count}"), count=lost)))
        return "; ".join(parts)

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything taken over is written; False when it was not in time."""
        with self._change:
            self._hurrying += 1
            self._retry = True
            self._change.notify_all()
            try:
                return self._change.wait_for(lambda: self._shelf.empty, timeout_s)
            finally:
                self._hurrying -= 1

    def close(self, timeout_s: float) -> bool:
        """Flush, then end the thread and close the store; False when something was left unwritten."""
        written = self.flush(timeout_s)
        with self._change:
            self._ended = True
            self._change.notify_all()
        # A thread that waits for a locked file must not keep the process: it writes all of a batch or nothing.
        self._thread.join(0.5)
        if not self._thread.is_alive():
            self._store.close()
        return written

    def _run(self) -> None:
        wait_s = self._pace.first_wait_s
        while (batch := self._next()) is not None:
            if self._write(batch):
                wait_s = self._pace.first_wait_s
            else:
                self._pause(wait_s)
                wait_s = min(2 * wait_s, self._pace.longest_wait_s)

    def _next(self) -> Batch | None:
        """Wait for something to write; None at the end. First of all comes the store itself, with an empty batch."""
        with self._change:
            while not self._ended:
                due_s = self._shelf.due_in(time.monotonic(), hurry=self._hurrying > 0)
                if due_s == 0 or not self._ready:
                    return self._shelf.batch()
                self._change.wait(due_s)
        return None

    def _write(self, batch: Batch) -> bool:
        try:
            if not self._ready:
                self._store.migrate()
                self._ready = True
            self._store.record(batch)
        except StoreError as error:
            self._failed(error)
            return False
        except Exception as error:  # noqa: BLE001  whatever it is: the thread must live, and say so
            name = type(error).__name__
            self._failed(
                StoreError(say(N_("writing to the store went wrong: {name}: {error}"), name=name, error=error))
            )
            return False
        with self._change:
            self._trouble = self._gone_since = None
            self._shelf.done(batch, time.monotonic())
            self._change.notify_all()
        return True

    def _failed(self, error: StoreError) -> None:
        """Keep why. Any store is looked at anew before the next try; one that is gone only after a while."""
        self._trouble = error
        now = time.monotonic()
        if isinstance(error, StoreGoneError):
            self._gone_since = self._gone_since or now
        if self._gone_since is None or now - self._gone_since >= self._pace.renew_s:
            self._ready = False

    def _pause(self, seconds: float) -> None:
        with self._change:
            self._change.wait_for(lambda: self._retry or self._ended, seconds)
            self._retry = False
