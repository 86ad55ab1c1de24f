"""What the ledger keeps of people, and where."""

from __future__ import annotations

import datetime as dt

from pydantic import Field, field_serializer

from api.people.model import Account, Action
from api.store.ledger import Shelf
from inventory.model.base import Name, Text, Value

__all__ = [
    "ACCOUNTS",
    "ATTEMPTS",
    "PROOFS",
    "ROLL",
    "ROLLS",
    "SESSIONS",
    "TOKENS",
    "Attempts",
    "OneTime",
    "Proof",
    "Roll",
    "Session",
    "Token",
]


class Roll(Value):
    """What must hold over all accounts at once. Whoever changes an account's uid or role of admin replaces it too."""

    admins: frozenset[str] = frozenset()
    """Accounts that are admins and not disabled."""
    uids: dict[int, str] = Field(default_factory=dict)
    """Whose account of the machine is whose account here."""

    @field_serializer("admins")
    def _in_order(self, admins: frozenset[str]) -> list[str]:
        return sorted(admins)


class OneTime(Value):
    """A code that lets somebody set his own password, once."""

    trace: str
    until: dt.datetime


class Proof(Value):
    """By what an account proves itself. Never leaves the ledger."""

    password: str = ""
    """An argon2id hash; empty: none yet."""
    factor: str = ""
    """The sealed secret of the second factor; empty: none yet."""
    step: int = 0
    """Of the code used last: this one and those before it are no longer good."""
    recovery: tuple[str, ...] = ()
    """Traces of the codes that stand in for a lost second factor, each once."""
    one_time: OneTime | None = None
    epoch: int = 0
    """One more whenever password or second factor are set anew: sessions of an earlier one are over."""


class Attempts(Value):
    """How often somebody has failed in a row."""

    failures: int
    last_at: dt.datetime
    barred_until: dt.datetime
    """Not even the right password is taken before."""


class Session(Value):
    """Somebody who has logged in on the page. Its key is the trace of its secret."""

    account: str
    epoch: int
    """The proof's when it began."""
    address: str
    begun_at: dt.datetime
    seen_at: dt.datetime
    """Noted with some delay (`sessions.NOTED_EVERY`)."""


class Token(Value):
    """What a program proves itself by. Its key is its public id."""

    account: Name
    title: Text
    """What it is for."""
    scope: frozenset[Action]
    trace: str
    made_at: dt.datetime
    until: dt.datetime
    used_on: dt.date | None = None
    """The last day it was used."""

    @field_serializer("scope")
    def _in_order(self, scope: frozenset[Action]) -> list[Action]:
        return sorted(scope)


ACCOUNTS = Shelf("account", Account)
PROOFS = Shelf("proof", Proof)
ROLLS = Shelf("roll", Roll)
ROLL = "people"
"""The key of the one roll."""
ATTEMPTS = Shelf("attempts", Attempts)
SESSIONS = Shelf("session", Session, lambda session: session.account)
TOKENS = Shelf("token", Token, lambda token: token.account)
