"""A revision: what a device ran at a time, and how it came to that. Light: both ends of the desk know it."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from inventory.model.base import Value

__all__ = ["APPROVED", "Origin", "OriginKind", "Revision"]


class OriginKind(StrEnum):
    """How a device came to run a text."""

    CHANGE = "change"
    """A plan was approved, carried out and confirmed."""
    ADOPTION = "adoption"
    """Somebody has said that what was found running is right."""
    DRIFT = "drift"
    """It was found running, and nobody has approved it."""


APPROVED = frozenset({OriginKind.CHANGE, OriginKind.ADOPTION})


class Origin(Value):
    """Why a text is kept."""

    kind: OriginKind
    who: str
    """An account's name, or `schedule:NAME`."""
    why: str
    plan: str = ""
    """The id of the plan that was carried out; empty for what no plan has brought."""


class Revision(Value):
    """A text in the archive."""

    id: str
    """The commit's, 40 digits; any part from its beginning names it that no other revision of the device has too."""
    device: str
    at: dt.datetime
    origin: Origin
    bundle: bool
    """Whether the device's files are kept with it as they were given, so that it can be put back as it was."""

    @property
    def short(self) -> str:
        """The id as people are shown it."""
        return self.id[:10]

    @property
    def approved(self) -> bool:
        """Whether a person has said that this is how it should be."""
        return self.origin.kind in APPROVED
