"""The day the door closes: as soon as there is an account, the page is no longer for everybody of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from api.accounts.verbs import FIRST
from api.desk.verb import Bound
from api.people.model import Caller
from api.people.shelf import ACCOUNTS
from api.store.ledger import Ledger
from inventory.model.base import Value

__all__ = ["opened"]


def opened(bound: Mapping[str, Bound], ledger: Ledger, marker: Path) -> dict[str, Bound]:
    """The same verbs; the marker stands where there are accounts, now or from the first one on."""
    first = bound[FIRST.name]

    def closing(caller: Caller, asked: Value) -> Value:
        answer = first.handle(caller, asked)
        marker.touch(mode=0o644)
        return answer

    if ledger.list(ACCOUNTS, limit=1):
        marker.touch(mode=0o644)
    else:
        marker.unlink(missing_ok=True)
    return {**bound, FIRST.name: Bound(first.verb, closing)}
