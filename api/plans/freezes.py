"""Freezes as they lie in the ledger."""

from __future__ import annotations

from api.store.ledger import Ledger, Shelf
from inventory.window import Freeze

__all__ = ["FREEZES", "THE_FREEZE", "freezes"]

FREEZES = Shelf("freeze", Freeze)
THE_FREEZE = "office"
"""There is one at a time: the next one takes its place."""


def freezes(ledger: Ledger) -> tuple[Freeze, ...]:
    """Those in force or still to end by themselves."""
    return tuple(kept.value for kept in ledger.list(FREEZES))
