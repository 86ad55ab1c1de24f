"""What happened, newest first, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from api.pages.signs import Sign, of_state
from api.pages.times import Clock, Moment
from api.picture import Picture
from inventory.model import Office
from inventory.words import gettext as _
from monitor import words
from monitor.results import Event, State

__all__ = ["EventRow", "event_rows"]

_SHOWN = 40
"""As many as somebody reads; the interface for programs has the rest."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One change of a state."""

    at: Moment
    subject: str
    before: Sign
    after: Sign
    reason: str


def event_rows(picture: Picture, clock: Clock, subjects: Collection[str] | None = None) -> tuple[EventRow, ...]:
    """The newest events; of some subjects, or of all."""
    wanted = (event for event in picture.events if subjects is None or event.subject in subjects)
    return tuple(_row(event, clock, picture.office) for event in islice(wanted, _SHOWN))


def _row(event: Event, clock: Clock, office: Office) -> EventRow:
    reason = "" if event.after is State.UP and event.cause is None else words.why(event)
    return EventRow(
        clock.moment(event.at), _subject(event.subject, office), of_state(event.before), of_state(event.after), reason
    )


def _subject(subject: str, office: Office) -> str:
    kind, _colon, name = subject.partition(":")
    match kind:
        case "tunnel":
            return _("tunnel {tunnel}").format(tunnel=name)
        case "end":
            tunnel, _slash, device = name.partition("/")
            return _("tunnel {tunnel} as {device} sees it").format(tunnel=tunnel, device=device)
        case "link":
            return _("line {name}").format(name=name)
        case "device" if any(device.name == name for device in office.gateways):
            return _("gateway {device}").format(device=name)
        case "probe":
            return _("probe {name}").format(name=name)
        case "device" | "snmp":
            return _("device {device}").format(device=name)
        case _:
            return subject
