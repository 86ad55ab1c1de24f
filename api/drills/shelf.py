"""Where drills lie in the ledger."""

from __future__ import annotations

from api.drills.model import Drill
from api.store.ledger import Shelf

__all__ = ["DRILLS"]

DRILLS = Shelf("drill", Drill, lambda drill: "passed" if drill.passed else "failed")
"""By tunnel."""
