"""The store: one transaction a batch, and what people ask of it."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.compliance.model import Report
from monitor.results import Event, Watched

__all__ = ["Batch", "Store"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written at once, all of it or nothing. Written again, it changes nothing: its parts are numbered."""

    origin: str
    """Who numbers: one recorder, from its start to its end."""
    events: tuple[Event, ...] = ()
    first_event: int = 0
    """The number of the first event; the others follow."""
    picture: Watched | None = None
    reports: tuple[Report, ...] = ()
    first_report: int = 0


class Store:
    """A store of one office. Any number of threads and processes may use one at once.

    Every method but `check` and `close` raises StoreError, which says what is wrong, where, and what to do. They block
    (a locked store: up to five seconds), so that an event loop calls them in a thread.
    """

    def __init__(
        self, url: str, *, read_only: bool = False, keep_events: int = 500_000, keep_reports: int = 300
    ) -> None:
        """Open nothing yet. `sqlite:////var/lib/fosa/fosa.db` or `postgresql://user@host/name`; else InputError."""
        raise NotImplementedError

    def migrate(self) -> None:
        """Make the store, or bring an older one up to date. What another program or a newer fosa made is left alone."""
        raise NotImplementedError

    def record(self, batch: Batch) -> None:
        """Write a batch in one transaction. After a StoreError the same batch may be given again."""
        raise NotImplementedError

    def events(self, limit: int) -> tuple[Event, ...]:
        """The last events written, the newest first."""
        raise NotImplementedError

    def picture(self) -> Watched | None:
        """The last picture written; None before the first."""
        raise NotImplementedError

    def report(self) -> Report | None:
        """The last report written; None before the first."""
        raise NotImplementedError

    def reports(self, limit: int) -> tuple[Report, ...]:
        """The last reports written, the newest first."""
        raise NotImplementedError

    def check(self) -> str:
        """What is wrong with the store, in the language in use; empty when nothing is."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of its connections; the next use opens new ones."""
        raise NotImplementedError
