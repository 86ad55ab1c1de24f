"""The edge's look into the store: whether it can be read, and what lies in it while the watch is not heard."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from api.store.store import Store
from inventory.errors import StoreError
from monitor.compliance.model import Report
from monitor.results import Event, Watched
from monitor.snmp.model import Polled

__all__ = ["EVENTS", "Kept", "Shelf"]

EVENTS = 500
"""Events that are shown at most."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store said. `problem` is empty while it can be read."""

    problem: str = ""
    watched: Watched | None = None
    report: Report | None = None
    events: tuple[Event, ...] = ()
    """The newest first."""
    polled: tuple[Polled, ...] = ()


class Shelf:
    """Reads a store without holding up the event loop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def look(self, *, whole: bool) -> Kept:
        """Whether the store can be read; with `whole` also everything that is shown from it. Never raises."""
        return await asyncio.to_thread(self._whole if whole else self._problem)

    def _problem(self) -> Kept:
        return Kept(problem=self._store.check())

    def _whole(self) -> Kept:
        try:
            return Kept(
                watched=self._store.picture(),
                report=self._store.report(),
                events=self._store.events(EVENTS),
                polled=self._store.polled(),
            )
        except StoreError as error:
            return Kept(problem=str(error))
