"""The engine of durable work: what has been done is written down step by step, and is not done again after a crash.

The only place that knows DBOS. The rules it is used by, each for a reason that was tried:

- the version of the application is fixed: else any edit leaves work standing for ever that the old code began; what
  was begun under another one is ended, so that its change is taken back;
- an executor has a name that is stable and nobody else's: whoever starts under it goes on with its work;
- a queue's settings are always written anew;
- a step is done at least once: the one in flight at a crash is done again, so it looks before it acts;
- its database is synced at each step, as SQLite does unless told otherwise: only the step in flight may be lost to a
  power cut too. A backup done again after its own commit would find a device that has moved.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from api.store.place import Place
from api.work.script import LetGo, Once

if TYPE_CHECKING:
    from dbos import DBOSConfig

__all__ = ["Engine", "Fate", "Seat"]

_VERSION = "1"
"""Raised by hand, and only when the order of the steps changes, or the words devices know a change by."""
_QUEUE = "office"
_POLL_S = 0.2
_UNFINISHED = ("ENQUEUED", "DELAYED", "PENDING")
_KEEP = 1000
"""Ended pieces of work the engine remembers. The ledger remembers every change."""
_log = logging.getLogger(__name__)


class Fate(StrEnum):
    """What has become of a piece of work."""

    UNKNOWN = "unknown"
    """The engine has never heard of it."""
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    BROKEN = "broken"
    """It ended without coming to its end."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an engine sits."""

    url: str
    """Of its database."""
    executor: str
    office: str
    """Work of one office is done one piece after the other."""


class Engine:
    """One to a process. `scripts` are the kinds of work by name; each is given what it is about, and `Once`."""

    def __init__(self, seat: Seat, scripts: Mapping[str, Callable[[str, Once], None]]) -> None:
        """Start nothing yet."""
        self._seat, self._scripts = seat, scripts
        self._workflows: dict[str, Any] = {}
        self._here: set[str] = set()
        self._stranded: frozenset[str] = frozenset()
        self._closing = threading.Event()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Open the database, making it if need be, and go on with what this executor had in hand.

        StoreError and InputError as for a store.
        """
        from dbos import DBOS

        url = _prepared(Place.of(self._seat.url))
        # A process that was forked, or a test, may have had another.
        DBOS.destroy(destroy_registry=True)
        for name, script in self._scripts.items():
            self._workflows[name] = DBOS.workflow(name=name)(self._workflow(script))
        DBOS(config=_config(url, self._seat.executor))
        DBOS.launch()
        self._end_others(self._seat.executor)
        DBOS.register_queue(_QUEUE, partition_concurrency=1, polling_interval_sec=_POLL_S, on_conflict="always_update")

    def close(self, patience_s: int = 0) -> None:
        """Take no more work and begin no other step, and wait so long for the step in hand. The rest is gone on with
        at the next start.
        """
        from dbos import DBOS

        self._closing.set()
        DBOS.destroy(workflow_completion_timeout_sec=patience_s)

    def put(self, script: str, about: str, key: str) -> None:
        """Queue a piece of work. A key is taken once: queueing it again does nothing."""
        from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

        with SetWorkflowID(key), SetEnqueueOptions(queue_partition_key=self._seat.office):
            DBOS.enqueue_workflow(_QUEUE, self._workflows[script], about)

    def fate(self, key: str) -> Fate:
        """What has become of the piece of work of this key."""
        from dbos import DBOS

        found = DBOS.get_workflow_status(key)
        if found is None:
            return Fate.UNKNOWN
        return {
            "ENQUEUED": Fate.WAITING,
            "DELAYED": Fate.WAITING,
            "PENDING": Fate.RUNNING,
            "SUCCESS": Fate.DONE,
        }.get(found.status, Fate.BROKEN)

    def recover(self, executor: str) -> tuple[str, ...]:
        """Put what an executor had in hand back into the queue: for one that is dead. The keys of that work."""
        from dbos import DBOS

        self._end_others(executor)
        # The only one of DBOS's own functions we use that is not for everybody; dbos is pinned exactly for it.
        # What is published beside it, cancel and resume, would not say to whom the work belonged.
        return tuple(handle.workflow_id for handle in DBOS._recover_pending_workflows([executor]))

    def gather(self) -> tuple[str, ...]:
        """Go on with work of our own that no thread of ours has in hand: the database was gone for a while.

        To be called every few seconds: what was found so twice in a row is stranded; once, it may just be beginning.
        """
        from dbos import DBOS

        found = DBOS.list_workflows(status="PENDING", executor_id=self._seat.executor, load_input=False)
        with self._lock:
            idle = frozenset(one.workflow_id for one in found) - self._here
            stranded, self._stranded = idle & self._stranded, idle
            return self.recover(self._seat.executor) if stranded and not self._here else ()

    def forget(self, keep: int = _KEEP) -> int:
        """Let go of what ended longest ago, but of so many; how many it were."""
        from dbos import DBOS

        ended = DBOS.list_workflows(status=["SUCCESS", "ERROR", "CANCELLED"], sort_desc=True, offset=keep, limit=_KEEP)
        if ended:
            DBOS.delete_workflows([found.workflow_id for found in ended])
        return len(ended)

    def _end_others(self, executor: str) -> None:
        """End what an executor, which is us or dead, has unfinished of another version: an order of steps that we do
        not know. Its fate is to be broken.
        """
        from dbos import DBOS

        found = DBOS.list_workflows(status=list(_UNFINISHED), executor_id=executor, load_input=False)
        for one in found:
            if one.app_version != _VERSION:
                _log.warning("%s was begun by another version (%s) and is ended", one.workflow_id, one.app_version)
                DBOS.cancel_workflow(one.workflow_id)

    def _workflow(self, script: Callable[[str, Once], None]) -> Callable[[str], None]:
        def run(about: str) -> None:
            from dbos import DBOS

            key = str(DBOS.workflow_id)
            with self._lock:
                self._here.add(key)
            try:
                script(about, self._once)
            except Exception:
                _log.exception("%s broke off", key)
                raise
            except LetGo:
                _log.warning("%s is let go of, to be gone on with later", key)
                raise
            finally:
                with self._lock:
                    self._here.discard(key)

        return run

    def _once(self, name: str, do: Callable[[], str]) -> str:
        from dbos import DBOS

        if self._closing.is_set():
            raise LetGo
        try:
            return str(DBOS.run_step({"name": name}, do))
        except Exception as error:
            # What is done in a step answers for its own failures: this is the engine's.
            _log.warning("%s could not be written down: %s", name, error)
            raise LetGo from error


def _prepared(place: Place) -> str:
    """The URL for the engine. A file is made beforehand: SQLite would make an empty one wherever one is missing."""
    if place.file is None:
        return place.url.render_as_string(hide_password=False)
    from api.store import sqlite

    sqlite.create(place.file)
    made = sqlite.engine(place.file, read_only=False)
    try:
        sqlite.keep_log(made)
    finally:
        made.dispose()
    return f"sqlite:///file:{place.file}?mode=rw&uri=true"


def _config(url: str, executor: str) -> DBOSConfig:
    from api.work.written import Plain

    return {
        "name": "fosa",
        "system_database_url": url,
        "application_version": _VERSION,
        "executor_id": executor,
        "serializer": Plain(),
        "notification_listener_polling_interval_sec": 0.5,
        # There are no schedules of its own: ours are rows of api/work/jobs.py.
        "scheduler_polling_interval_sec": 3600,
        "log_level": "CRITICAL",
    }
