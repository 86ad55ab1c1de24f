"""Sessions of the page: begun by password and second factor, over after a while of silence and after half a day."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from pydantic import Field

from api.people import passwords
from api.people.attempts import Trial
from api.people.codes import new_secret, trace
from api.people.model import Caller
from api.people.passwords import Match
from api.people.proving import factor_of
from api.people.registry import Registry, deed
from api.people.shelf import ACCOUNTS, PROOFS, SESSIONS, Proof, Session
from api.store.ledger import Kept, Ledger, Put
from inventory.errors import ConflictError, RefusedError
from inventory.model.base import Value
from inventory.words import gettext as _

__all__ = ["IDLE", "LONGEST", "NOTED_EVERY", "Begun", "caller_of_session", "end", "login", "over", "seen"]

IDLE, LONGEST = dt.timedelta(minutes=30), dt.timedelta(hours=12)
NOTED_EVERY = dt.timedelta(minutes=5)
"""A use is noted only when none has been for so long: a session may be over this much before IDLE is."""


class Begun(Value):
    """A session that has just begun."""

    secret: str = Field(repr=False)
    """For the reader's cookie alone."""
    account: str
    until: dt.datetime


def login(registry: Registry, caller: Caller, name: str, password: str, code: str) -> Begun:
    """Begin a session for somebody at `caller.origin` (`page ADDRESS`); one RefusedError for whatever is wrong."""
    trial = Trial.of(registry, caller, "session.begin", name)
    proof = trial.proof.value if trial.proof else Proof()
    match = passwords.verify(proof.password, password)
    used = factor_of(registry, name, proof, code)
    if match is Match.WRONG or used is None or trial.proof is None or trial.barred:
        raise trial.failed()
    if match is Match.OUTDATED:
        used = used.model_copy(update={"password": passwords.hashed(password)})
    secret, now = new_secret(), registry.now()
    address = caller.origin.removeprefix("page ")
    session = Session(account=name, epoch=proof.epoch, address=address, begun_at=now, seen_at=now)
    told = deed(caller.model_copy(update={"account": name}), "session.begin", f"account {name}")
    puts: list[Put[Any]] = [
        Put(SESSIONS, trace(secret), session),
        Put(PROOFS, name, used, trial.proof.version),
        trial.cleared(),
    ]
    try:
        registry.ledger.write(told, puts)
    except ConflictError as error:
        # The same code at the same moment: one of the two is a replay.
        raise trial.failed() from error
    return Begun(secret=secret, account=name, until=now + LONGEST)


def caller_of_session(ledger: Ledger, secret: str, address: str, now: dt.datetime) -> Caller:
    """Who it is; RefusedError when the session is over, or is another address's. Reads only."""
    kept = _standing(ledger, secret, address, now)
    account = ledger.get(ACCOUNTS, kept.value.account)
    proof = ledger.get(PROOFS, kept.value.account)
    if account is None or account.value.disabled or proof is None or proof.value.epoch != kept.value.epoch:
        raise _over()
    return Caller(account=account.key, roles=account.value.roles, origin=f"page {address}")


def over(session: Session, now: dt.datetime) -> bool:
    """Whether its time is over. One from the future is over, too: a clock that is set back makes none longer."""
    silent, old = now - session.seen_at, now - session.begun_at
    return not (-NOTED_EVERY <= silent < IDLE and -NOTED_EVERY <= old < LONGEST)


def seen(registry: Registry, caller: Caller, secret: str) -> None:
    """Note that a session was used, every now and then. `caller` came by it."""
    now = registry.now()
    kept = registry.ledger.get(SESSIONS, trace(secret))
    if kept is None or now - kept.value.seen_at < NOTED_EVERY:
        return
    put = Put(SESSIONS, kept.key, kept.value.model_copy(update={"seen_at": now}), kept.version)
    with suppress(ConflictError):  # another use was noted, or it was ended, in the same moment
        registry.ledger.write(deed(caller, "session.seen", f"account {kept.value.account}"), [put])


def end(registry: Registry, caller: Caller, secret: str) -> None:
    """Log out. Fine when the session is over already."""
    while kept := registry.ledger.get(SESSIONS, trace(secret)):
        with suppress(ConflictError):  # a use was noted in the same moment
            told = deed(caller, "session.end", f"account {kept.value.account}")
            registry.ledger.write(told, [Put(SESSIONS, kept.key, None, kept.version)])


def _standing(ledger: Ledger, secret: str, address: str, now: dt.datetime) -> Kept[Session]:
    kept = ledger.get(SESSIONS, trace(secret))
    if kept is None or kept.value.address != address:
        raise _over()
    if over(kept.value, now):
        raise _over()
    return kept


def _over() -> RefusedError:
    return RefusedError(_("nobody is logged in here, or the session is over; log in"))
