"""What can be asked about people, and the shapes of questions and answers."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from api.desk.verb import Nothing, Verb
from api.people.accounts import Alteration, Newcomer
from api.people.model import Account, Action
from api.people.proving import Offer, Proving
from api.people.sessions import Begun
from api.people.tokens import Issued, Wanted
from inventory.model.base import Name, Text, Value

__all__ = [
    "ACCEPT",
    "ADD",
    "CHANGE",
    "FACTOR",
    "FIRST",
    "LIST",
    "LOGIN",
    "LOGOUT",
    "OFFER",
    "PASSWORD",
    "RESET",
    "SEEN",
    "TOKEN_ADD",
    "TOKEN_END",
    "TOKEN_LIST",
    "WHOAMI",
    "Accept",
    "Code",
    "Factor",
    "First",
    "Login",
    "Me",
    "Named",
    "NewPassword",
    "People",
    "Person",
    "Recovery",
    "Secret",
    "ShownToken",
    "TokenId",
    "Tokens",
    "Whose",
]


class Named(Value):
    """An account."""

    name: Name


class Person(Value):
    """An account and how far it is proved."""

    account: Account
    password: bool
    second_factor: bool
    recovery_codes: int
    """How many are left."""
    code_until: dt.datetime | None
    """Until when the code to set its first password by is good; None: there is none."""


class People(Value):
    """Everybody."""

    people: tuple[Person, ...]


class Me(Value):
    """Who the desk takes the caller for."""

    account: str
    roles: tuple[str, ...]
    origin: str


class Code(Value):
    """What an admin hands to somebody, who sets his own password by it."""

    code: str = Field(repr=False)
    until: dt.datetime


class Recovery(Value):
    """Codes that stand in for a lost second factor, each once. Shown this once."""

    codes: tuple[str, ...] = Field(repr=False)


class First(Value):
    """The first admin, and by what he proves himself."""

    newcomer: Newcomer
    proving: Proving


class Accept(Value):
    """Somebody who has a code of an admin's."""

    name: Name
    code: str = Field(repr=False, max_length=100)
    proving: Proving


class NewPassword(Value):
    """One's own password."""

    old: str = Field(repr=False)
    """Empty when there is none yet."""
    new: str = Field(repr=False)


class Factor(Value):
    """One's own second factor."""

    proving: Proving
    """With the password in use."""
    current: str = Field(repr=False, max_length=100)
    """A code of the factor in use, or a recovery code; empty when there is none yet."""


class Login(Value):
    """Somebody at the page's door."""

    name: str = Field(max_length=100, repr=False)
    """Whatever was typed."""
    password: str = Field(repr=False)
    code: str = Field(repr=False, max_length=100)
    """Of the second factor, or a recovery code."""


class Secret(Value):
    """A session, by its secret."""

    secret: str = Field(repr=False, max_length=100)


class Whose(Value):
    """Whose tokens."""

    everybody: bool = False


class ShownToken(Value):
    """A token without its secret."""

    id: str
    account: str
    title: Text
    scope: tuple[Action, ...]
    made_at: dt.datetime
    until: dt.datetime
    used_on: dt.date | None


class Tokens(Value):
    """The newest first."""

    tokens: tuple[ShownToken, ...]


class TokenId(Value):
    """A token."""

    id: str = Field(pattern=r"^[0-9a-f]{8}$")


WHOAMI = Verb("people.me", Nothing, Me, Action.SEE, writes=False)
LIST = Verb("people.list", Nothing, People, Action.SEE, writes=False)
ADD = Verb("people.add", Newcomer, Code, Action.PEOPLE)
CHANGE = Verb("people.change", Alteration, Person, Action.PEOPLE)
RESET = Verb("people.reset", Named, Code, Action.PEOPLE)
FIRST = Verb("people.first", First, Recovery, Action.PEOPLE, unproved=True)
OFFER = Verb("proof.offer", Named, Offer, Action.PROVE, writes=False, unproved=True)
ACCEPT = Verb("proof.accept", Accept, Recovery, Action.PROVE, unproved=True)
PASSWORD = Verb("proof.password", NewPassword, Nothing, Action.PROVE)
FACTOR = Verb("proof.factor", Factor, Recovery, Action.PROVE)
LOGIN = Verb("session.begin", Login, Begun, Action.SEE, unproved=True)
LOGOUT = Verb("session.end", Secret, Nothing, Action.SEE, unproved=True)
SEEN = Verb("session.seen", Secret, Nothing, Action.SEE)
TOKEN_LIST = Verb("token.list", Whose, Tokens, Action.PROVE, writes=False)
TOKEN_ADD = Verb("token.add", Wanted, Issued, Action.PROVE)
TOKEN_END = Verb("token.end", TokenId, Nothing, Action.PROVE)
