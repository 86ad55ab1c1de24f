"""Which ends of temporary flows have been seen to."""

from __future__ import annotations

from api.store.ledger import Shelf
from inventory.model.base import Value

__all__ = ["SETTLED", "Settled"]


class Settled(Value):
    """One end; its key is its day."""

    devices: dict[str, str]
    """Device -> the plan that was made for it; empty: there was nothing to do."""


SETTLED = Shelf("settled", Settled)
