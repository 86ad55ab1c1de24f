"""Whether there is more to come of what somebody follows."""

from __future__ import annotations

from api.changes.model import ChangeState
from api.changes.shelf import CHANGES
from api.plans.model import ENDED
from api.plans.shelf import PLANS
from api.store.ledger import Ledger
from inventory.errors import StoreError

__all__ = ["Progress"]

_UNDER_WAY = {ChangeState.QUEUED, ChangeState.RUNNING}


class Progress:
    """What the ledger says of changes under way."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def over(self, subject: str) -> bool:
        """Whether nothing more will be told of `change PLAN`: it has ended, or its plan will never begin. Of a ledger
        that cannot be read just now nobody knows; then there may be more.
        """
        kind, _space, plan = subject.partition(" ")
        if kind != "change":
            return True
        try:
            change = self._ledger.get(CHANGES, plan)
            if change is not None:
                return change.value.state not in _UNDER_WAY
            kept = self._ledger.get(PLANS, plan)
        except StoreError:
            return False
        return kept is None or kept.value.state in ENDED
