"""What is over is taken away: sessions that have ended by themselves, failures long past, tokens long run out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.people.attempts import ACCOUNT_FORGETS
from api.people.model import Caller
from api.people.registry import Registry, deed
from api.people.sessions import over
from api.people.shelf import ATTEMPTS, SESSIONS, TOKENS
from api.store.ledger import Put
from inventory.errors import ConflictError

__all__ = ["TOKENS_SHOWN_FOR", "sweep"]

TOKENS_SHOWN_FOR = dt.timedelta(days=30)
"""A token that has run out is listed for so long, for whoever wonders why his program is refused."""
_SCHEDULE = Caller(account="schedule:people", roles=frozenset(), origin="schedule")


def sweep(registry: Registry) -> int:
    """Take it away, in one deed, and say how much it was; whatever moves in the same moment stays for the next time."""
    puts = _over(registry)
    if puts:
        try:
            registry.ledger.write(deed(_SCHEDULE, "people.sweep", "", records=str(len(puts))), puts)
        except ConflictError:
            return 0
    return len(puts)


def _over(registry: Registry) -> list[Put[Any]]:
    now, ledger = registry.now(), registry.ledger
    sessions = [Put(SESSIONS, kept.key, None, kept.version) for kept in ledger.list(SESSIONS) if over(kept.value, now)]
    attempts = [
        Put(ATTEMPTS, kept.key, None, kept.version)
        for kept in ledger.list(ATTEMPTS)
        if now - kept.value.last_at >= ACCOUNT_FORGETS
    ]
    tokens = [
        Put(TOKENS, kept.key, None, kept.version)
        for kept in ledger.list(TOKENS)
        if now - kept.value.until >= TOKENS_SHOWN_FOR
    ]
    return [*sessions, *attempts, *tokens]
