"""Where plans lie in the ledger, by their state."""

from __future__ import annotations

from api.plans.model import Plan
from api.store.ledger import Shelf

__all__ = ["PLANS"]

PLANS = Shelf("plan", Plan, lambda plan: plan.state.value)
