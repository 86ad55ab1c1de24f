"""Keys as the first page tells of them: what must be replaced and by when, and what was changed only half."""

from __future__ import annotations

from dataclasses import dataclass

from api.pages.signs import Shape
from api.pages.times import day_text
from api.picture import Picture
from api.tally import Ending
from inventory.words import gettext as _
from inventory.words import ngettext

__all__ = ["Renewal", "half_changed", "renewals"]

_URGENT = 14
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Renewal:
    """A certificate whose successor somebody must see to."""

    shape: Shape
    text: str


def renewals(picture: Picture) -> tuple[Renewal, ...]:
    """The most urgent first; none where nobody has told of certificates lately."""
    due = picture.tally.due if picture.tally else ()
    found = [Renewal(Shape.DOWN if one.days <= _URGENT else Shape.HEED, _told(one)) for one in due[:_NAMED]]
    if more := len(due) - len(found):
        text = ngettext("{n} more ends soon (fosa keys)", "{n} more end soon (fosa keys)", more)
        found.append(Renewal(Shape.HEED, text.format(n=more)))
    return tuple(found)


def _told(one: Ending) -> str:
    if one.days <= 0:
        text = _("{subject} ({where}) ends on {day}: it is too late to have the next one in time")
    elif one.lead_days:
        text = _("{subject} ({where}) ends on {day}; its issuer takes {lead} days; left to ask for the next one: {n}")
    else:
        text = _("{subject} ({where}) ends on {day}; days left to ask for the next one: {n}")
    return text.format(subject=one.subject, where=one.where, day=day_text(one.until), n=one.days, lead=one.lead_days)


def half_changed(picture: Picture) -> tuple[str, ...]:
    """The tunnels whose ends take the previous shared key, too, by what the inventory says."""
    return tuple(tunnel.name for tunnel in picture.office.tunnels if tunnel.authentication.previous is not None)
