"""Tokens: how a program proves that it acts for an account, within a scope and until a day."""

from __future__ import annotations

import datetime as dt
import secrets
from contextlib import suppress

from pydantic import Field

from api.people.codes import matches, new_secret, trace
from api.people.model import Action, Caller
from api.people.permissions import PERSONAL, ever, require
from api.people.registry import Registry, deed
from api.people.shelf import ACCOUNTS, TOKENS, Token
from api.store.ledger import Kept, Ledger, Put
from inventory.errors import ConflictError, InputError, RefusedError
from inventory.model.base import Text, Value
from inventory.words import gettext as _

__all__ = ["LONGEST_DAYS", "PREFIX", "Issued", "Wanted", "caller_of_token", "end", "issue", "note_use", "tokens"]

PREFIX = "fosa_"
LONGEST_DAYS = 365


class Wanted(Value):
    """A token to be made."""

    title: Text
    scope: frozenset[Action] = Field(min_length=1)
    days: int = Field(ge=1, le=LONGEST_DAYS)


class Issued(Value):
    """A token that has just been made: it is shown this once."""

    id: str
    token: str = Field(repr=False)
    until: dt.datetime


def issue(registry: Registry, caller: Caller, wanted: Wanted) -> Issued:
    """Make a token that acts for the caller. Its scope holds nothing he may not do, and nothing PERSONAL."""
    require(caller, Action.PROVE, own=True)
    _check(caller, wanted.scope)
    now, secret, id_ = registry.now(), new_secret(), secrets.token_hex(4)
    token = f"{PREFIX}{id_}_{secret}"
    until = now + dt.timedelta(days=wanted.days)
    made = Token(
        account=caller.account, title=wanted.title, scope=wanted.scope, trace=trace(token), made_at=now, until=until
    )
    scope = " ".join(sorted(wanted.scope))
    told = deed(caller, "token.add", f"token {id_}", title=wanted.title, scope=scope, until=until.isoformat())
    registry.ledger.write(told, [Put(TOKENS, id_, made)])
    return Issued(id=id_, token=token, until=until)


def tokens(ledger: Ledger, account: str | None = None) -> tuple[Kept[Token], ...]:
    """An account's tokens, or everybody's; the newest first."""
    found = ledger.list(TOKENS, states=None if account is None else [account])
    return tuple(sorted(found, key=lambda kept: (kept.value.made_at, kept.key), reverse=True))


def end(registry: Registry, caller: Caller, id_: str) -> None:
    """Take a token away, at once."""
    kept = registry.ledger.get(TOKENS, id_)
    require(caller, Action.PROVE, own=kept is not None and kept.value.account == caller.account)
    if kept is None:
        raise InputError(_("there is no token {id}; fosa token lists them").format(id=id_))
    told = deed(caller, "token.end", f"token {id_}", account=kept.value.account)
    registry.ledger.write(told, [Put(TOKENS, id_, None, kept.version)])


def caller_of_token(ledger: Ledger, token: str, now: dt.datetime) -> Caller:
    """Who it acts for, and within which scope; RefusedError when it is none, has run out, or its account is disabled.

    Reads only: `note_use` notes the day.
    """
    id_, _line, _secret = token.removeprefix(PREFIX).partition("_")
    kept = ledger.get(TOKENS, id_) if token.startswith(PREFIX) else None
    if kept is None or not matches(token, kept.value.trace):
        raise RefusedError(_("this token is none, or has been ended"))
    if now >= kept.value.until:
        text = _("the token {id} has run out on {day}; make a new one: fosa token add")
        raise RefusedError(text.format(id=id_, day=kept.value.until.date()))
    account = ledger.get(ACCOUNTS, kept.value.account)
    if account is None or account.value.disabled:
        raise RefusedError(_("the account {name} is disabled").format(name=kept.value.account))
    return Caller(account=account.key, roles=account.value.roles, origin=f"token {id_}", scope=kept.value.scope)


def note_use(registry: Registry, caller: Caller) -> None:
    """Note the day a token was used on; `caller` came by it. Nothing for any other caller."""
    kind, _space, id_ = caller.origin.partition(" ")
    kept = registry.ledger.get(TOKENS, id_) if kind == "token" else None
    today = registry.now().date()
    if kept is None or kept.value.used_on == today:
        return
    put = Put(TOKENS, id_, kept.value.model_copy(update={"used_on": today}), kept.version)
    with suppress(ConflictError):  # somebody else has noted it, or ended the token, in the same moment
        registry.ledger.write(deed(caller, "token.used", f"token {id_}"), [put])


def _check(caller: Caller, scope: frozenset[Action]) -> None:
    if never := sorted(scope & PERSONAL):
        raise InputError(_("no token may {actions}: that takes a person").format(actions=", ".join(never)))
    if beyond := sorted(action for action in scope if not ever(caller, action)):
        text = _("{who} may not {actions}, so no token of his may")
        raise RefusedError(text.format(who=caller.account, actions=", ".join(beyond)))
