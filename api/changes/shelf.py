"""Where changes lie in the ledger, by their state."""

from __future__ import annotations

from api.changes.model import Change
from api.store.ledger import Shelf

__all__ = ["CHANGES"]

CHANGES = Shelf("change", Change, lambda change: change.state.value)
