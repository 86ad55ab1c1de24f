"""Writes what the watch finds into the store, in a thread of its own: a store that is gone must not stop the watch."""

from __future__ import annotations

from api.store.store import Store
from monitor.compliance.model import Report
from monitor.results import Event, Watched

__all__ = ["Recorder"]


class Recorder:
    """Takes events, pictures and reports at once and writes them as soon as the store lets it, each exactly once."""

    def __init__(self, store: Store) -> None:
        """Nothing is written before `start`. The recorder calls `store.migrate()` itself, as often as needed."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the thread."""
        raise NotImplementedError

    def put(self, events: tuple[Event, ...] = (), picture: Watched | None = None, report: Report | None = None) -> None:
        """Take over what is to be written. Never blocks, never raises; from any thread."""
        raise NotImplementedError

    @property
    def problem(self) -> str:
        """Why nothing can be written just now, or what was lost, in the language in use; empty when all is well."""
        raise NotImplementedError

    def flush(self, timeout_s: float) -> bool:
        """Wait until everything taken over is written; False when it was not in time."""
        raise NotImplementedError

    def close(self, timeout_s: float) -> bool:
        """Flush, then end the thread and close the store; False when something was left unwritten."""
        raise NotImplementedError
