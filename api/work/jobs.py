"""What is done again and again: each job in a thread of its own, never twice at once, by one of all workers."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from api.chain import Deed
from api.store.ledger import Ledger, Put
from api.work.model import JOBS, JobRun
from inventory.errors import ConflictError, FosaError

__all__ = ["Job", "Jobs"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every so many seconds."""

    name: str
    """As in the audit: `drift`."""
    seconds: float
    run: Callable[[], object]
    recorded: bool = True
    """The ledger knows when it was last done: not again before its time after a restart, nor by another worker.
    False for what looks at this process alone, and every few seconds.
    """


@dataclass(slots=True)
class Jobs:
    """Runs jobs until it is closed. A job that fails is logged, and comes again at its time."""

    rows: Sequence[Job]
    ledger: Ledger
    clock: Callable[[], dt.datetime]
    executor: str
    _closing: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin. Daemon threads: a job that hangs does not keep the process."""
        for job in self.rows:
            thread = threading.Thread(target=self._run, args=(job,), name=f"job {job.name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self, patience_s: float = 5.0) -> None:
        """Begin no more, and wait a moment for what runs."""
        self._closing.set()
        for thread in self._threads:
            thread.join(patience_s)

    def due(self, job: Job) -> bool:
        """Whether it is its time; if so, it is claimed: no other worker will find it due."""
        found = self.ledger.get(JOBS, job.name)
        now = self.clock()
        # A clock that was set back must not keep a job from its work for ever.
        if found is not None and dt.timedelta() <= now - found.value.at < dt.timedelta(seconds=job.seconds):
            return False
        deed = Deed(who=f"schedule:{job.name}", origin="schedule", action="job.run", subject=f"job {job.name}")
        put = Put(JOBS, job.name, JobRun(at=now, by=self.executor), found.version if found else 0)
        try:
            self.ledger.write(deed, [put])
        except ConflictError:
            return False
        return True

    def _run(self, job: Job) -> None:
        # Looking costs a read: a job of a day is looked at every minute.
        pause = min(job.seconds, 60.0) if job.recorded else job.seconds
        while not self._closing.is_set():
            try:
                if not job.recorded or self.due(job):
                    job.run()
            except FosaError as error:
                _log.warning("%s: %s", job.name, error)
            except Exception:  # noqa: BLE001  one job's failure must not stop the next time
                _log.exception("%s failed", job.name)
            self._closing.wait(pause)
