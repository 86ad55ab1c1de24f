"""What everything about people works with: the ledger, the seal, the clock; and how a deed is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from api.chain import Deed
from api.people.model import Caller
from api.people.sealing import Seal
from api.store.ledger import Ledger

__all__ = ["Registry", "deed"]


@dataclass(frozen=True, slots=True)
class Registry:
    """The people of one office."""

    ledger: Ledger
    seal: Seal
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)


def deed(caller: Caller, action: str, subject: str, *, result: str = "done", **detail: str) -> Deed:
    """A deed of a caller."""
    return Deed(who=caller.account, origin=caller.origin, action=action, subject=subject, result=result, detail=detail)
