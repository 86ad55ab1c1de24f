"""What is held in memory until it is written: bounded, numbered, and let go only when it has been written."""

from __future__ import annotations

import uuid
from collections import deque
from itertools import islice

from api.store.store import Batch
from monitor.compliance.model import Report
from monitor.results import Event, Watched
from monitor.snmp.model import Polled

__all__ = ["EVENTS_HELD", "REPORTS_HELD", "Shelf"]

EVENTS_HELD = 10_000
"""Beyond, the oldest are lost, and counted."""
REPORTS_HELD = 3
"""The newest; an older one says nothing that the next does not."""
_EVENTS_A_BATCH = 1_000


class Shelf:
    """Not for several threads at once: the recorder locks."""

    def __init__(self, picture_s: float) -> None:
        """Seconds from one picture to the next when there is nothing else to write."""
        self.lost = 0
        """Events that were never written."""
        self._origin = uuid.uuid4().hex
        self._picture_s = picture_s
        self._picture: Watched | None = None
        self._picture_due: float | None = None
        self._events: deque[Event] = deque()
        self._first_event = 0
        self._polled: dict[str, Polled] = {}
        """The newest of each device; they go with the next picture."""
        self._reports: deque[Report] = deque()
        self._first_report = 0

    @property
    def events(self) -> int:
        """How many wait."""
        return len(self._events)

    @property
    def empty(self) -> bool:
        """Everything has been written, or was lost."""
        return not (self._events or self._reports or self._picture or self._polled)

    def put(
        self,
        events: tuple[Event, ...],
        picture: Watched | None,
        report: Report | None,
        polled: Polled | None = None,
    ) -> None:
        """Take over. A picture takes the place of the one before, a poll that of the one before of its device."""
        self._picture = picture or self._picture
        if polled is not None:
            self._polled[polled.device] = polled
        self._events.extend(events)
        while len(self._events) > EVENTS_HELD:
            self._events.popleft()
            self._first_event += 1
            self.lost += 1
        if report is not None:
            self._reports.append(report)
        while len(self._reports) > REPORTS_HELD:
            self._reports.popleft()
            self._first_report += 1

    def due_in(self, now: float, *, hurry: bool) -> float | None:
        """Seconds until something must be written; None while there is nothing. `now` is monotonic."""
        if self._events or self._reports or ((self._picture or self._polled) and hurry):
            return 0
        if self._picture is None and not self._polled:
            return None
        return max(0.0, (now if self._picture_due is None else self._picture_due) - now)

    def batch(self) -> Batch:
        """What is to be written next."""
        events = tuple(islice(self._events, _EVENTS_A_BATCH))
        reports, polled = tuple(self._reports), tuple(self._polled.values())
        return Batch(self._origin, events, self._first_event, self._picture, reports, self._first_report, polled)

    def done(self, batch: Batch, now: float) -> None:
        """Let go of what a batch held; what was given up as lost meanwhile was not."""
        end = batch.first_event + len(batch.events)
        self.lost -= max(0, min(self._first_event, end) - batch.first_event)
        while self._events and self._first_event < end:
            self._events.popleft()
            self._first_event += 1
        while self._reports and self._first_report < batch.first_report + len(batch.reports):
            self._reports.popleft()
            self._first_report += 1
        for polled in batch.polled:
            if self._polled.get(polled.device) is polled:
                del self._polled[polled.device]
        if batch.polled:
            self._picture_due = now + self._picture_s
        if batch.picture is not None:
            self._picture_due = now + self._picture_s
            self._picture = None if self._picture is batch.picture else self._picture
