"""Values as rows of the tables, and back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from api.store.tables import Cells
from inventory.sentence import Sentence
from monitor.compliance.model import Report
from monitor.results import Event, Reason, State, Watched
from monitor.snmp.model import Polled

__all__ = ["event", "event_cells", "picture_cells", "polled_cells", "report_cells"]


def event_cells(origin: str, number: int, value: Event) -> Cells:
    """A row of `events`."""
    return {
        "origin": origin,
        "number": number,
        "at": value.at,
        "subject": value.subject,
        "before": value.before.value,
        "after": value.after.value,
        "reason": value.reason.value,
        "cause": "" if value.cause is None else value.cause.model_dump_json(),
    }


def event(row: Row[Any]) -> Event:
    """Back from a row of `events`; ValueError when it holds words we do not know."""
    cells = row._mapping
    return Event(
        at=cells["at"],
        subject=cells["subject"],
        before=State(cells["before"]),
        after=State(cells["after"]),
        reason=Reason(cells["reason"]),
        cause=Sentence.model_validate_json(cells["cause"]) if cells["cause"] else None,
    )


def report_cells(origin: str, number: int, value: Report) -> Cells:
    """A row of `reports`."""
    return {"origin": origin, "number": number, "made_at": value.made_at, "report": value.model_dump_json()}


def picture_cells(value: Watched) -> Cells:
    """The row of `pictures`."""
    return {"id": 1, "at": value.at, "picture": value.model_dump_json()}


def polled_cells(value: Polled) -> Cells:
    """A row of `polled`."""
    at = value.at or value.since
    return {"device": value.device, "at": at, "state": value.state.value, "polled": value.model_dump_json()}
