"""What is known of the archive as a whole: when it was read through, and which revisions it has. Light."""

from __future__ import annotations

import datetime as dt

from api.store.ledger import Shelf
from inventory.model.base import Value
from inventory.sentence import Sentence

__all__ = ["CHECKS", "OFFICE", "Checked", "Listed", "Roll"]


class Checked(Value):
    """The last time everything in the archive was read."""

    at: dt.datetime
    revisions: int
    """How many there were; 0 with a fault."""
    fault: Sentence | None = None
    """The first thing that is not as it was written."""


class Listed(Value):
    """A revision by what cannot be another one's."""

    id: str
    device: str
    tree: str
    """The hash of everything the archive held with it."""


class Roll(Value):
    """Every revision there is."""

    revisions: tuple[Listed, ...]


CHECKS = Shelf("archive-check", Checked)
OFFICE = "office"
"""The key of the one document on that shelf."""
