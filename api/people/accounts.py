"""Accounts: made, changed, disabled; and whose account of the machine is whose."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from api.chain import digest
from api.people.codes import new_code, trace
from api.people.model import NOBODY, Account, Action, Caller, Role
from api.people.permissions import require
from api.people.registry import Registry, deed
from api.people.shelf import ACCOUNTS, PROOFS, ROLL, ROLLS, OneTime, Proof, Roll
from api.store.ledger import Kept, Ledger, Put
from inventory.errors import ConflictError, InputError, RefusedError
from inventory.model.base import Name, Text, Value
from inventory.words import gettext as _

__all__ = [
    "ONE_TIME_FOR", "Alteration", "Newcomer", "accounts", "add", "caller_of_uid", "change", "newcomer_puts", "one_time",
    "standing",
]  # fmt: skip

ONE_TIME_FOR = dt.timedelta(hours=24)
"""How long somebody has to set his own password."""


class Newcomer(Value):
    """An account to be made."""

    name: Name
    title: Text
    roles: frozenset[Role] = Field(min_length=1)
    uid: int | None = Field(default=None, ge=0)


class Alteration(Value):
    """What of an account is to be otherwise; None leaves it."""

    name: Name
    title: Text | None = None
    roles: frozenset[Role] | None = Field(default=None, min_length=1)
    uid: int | None = Field(default=None, ge=0)
    no_uid: bool = False
    disabled: bool | None = None


def accounts(ledger: Ledger) -> tuple[Account, ...]:
    """All of them, by name."""
    return tuple(sorted((kept.value for kept in ledger.list(ACCOUNTS)), key=lambda account: account.name))


def standing(ledger: Ledger, name: str) -> Kept[Account]:
    """The account of that name; InputError when there is none."""
    kept = ledger.get(ACCOUNTS, name)
    if kept is None:
        raise InputError(_("there is no account {name}; fosa people lists them").format(name=name))
    return kept


def caller_of_uid(ledger: Ledger, uid: int) -> Caller:
    """Who the account of the machine with that number is; RefusedError tells how he gets to be somebody."""
    roll = ledger.get(ROLLS, ROLL)
    if roll is None:
        raise RefusedError(_("nobody has an account here yet; the first is made on the console: fosa people first"))
    kept = ledger.get(ACCOUNTS, roll.value.uids.get(uid, ""))
    if kept is None or kept.value.uid != uid:
        text = _(
            "uid {uid} of this machine is nobody's account here; an admin says whose: fosa people change --uid {uid}"
        )
        raise RefusedError(text.format(uid=uid))
    if kept.value.disabled:
        raise RefusedError(_("the account {name} is disabled").format(name=kept.key))
    return Caller(account=kept.key, roles=kept.value.roles, origin=f"socket uid {uid}")


def add(registry: Registry, caller: Caller, newcomer: Newcomer) -> str:
    """Make an account; the answer is the code by which its person sets his own password (`proving.accept`)."""
    require(caller, Action.PEOPLE, own=False)
    code = new_code()
    proof = Proof(one_time=one_time(registry, code))
    puts = newcomer_puts(registry, newcomer, proof, caller.account)
    told = deed(caller, "people.add", f"account {newcomer.name}", roles=_spoken(newcomer.roles), uid=_uid(newcomer.uid))
    registry.ledger.write(told.model_copy(update={"after": digest(puts[0].value)}), puts)
    return code


def one_time(registry: Registry, code: str) -> OneTime:
    """What is kept of a code that is good from now on."""
    return OneTime(trace=trace(code), until=registry.now() + ONE_TIME_FOR)


def newcomer_puts(
    registry: Registry, newcomer: Newcomer, proof: Proof, by: str
) -> tuple[Put[Account], Put[Proof], Put[Roll]]:
    """What is written for a new account; ConflictError when name or uid are taken."""
    ledger = registry.ledger
    if newcomer.name == NOBODY or ledger.get(ACCOUNTS, newcomer.name) is not None:
        raise ConflictError(_("there is an account {name} already").format(name=newcomer.name))
    account = Account(**newcomer.model_dump(), made_at=registry.now(), made_by=by)
    return (
        Put(ACCOUNTS, account.name, account),
        Put(PROOFS, account.name, proof),
        _roll_put(ledger, None, account),
    )


def change(registry: Registry, caller: Caller, wish: Alteration) -> Account:
    """Change an account; the answer is how it is now. What its roles no longer permit ends at once."""
    require(caller, Action.PEOPLE, own=wish.name == caller.account)
    kept = standing(registry.ledger, wish.name)
    before, after = kept.value, _altered(kept.value, wish)
    if after == before:
        return before
    puts: list[Put[Account] | Put[Roll]] = [Put(ACCOUNTS, kept.key, after, kept.version)]
    if (before.roles, before.uid, before.disabled) != (after.roles, after.uid, after.disabled):
        puts.append(_roll_put(registry.ledger, before, after))
    told = deed(caller, "people.change", f"account {kept.key}", **_differences(before, after))
    told = told.model_copy(update={"before": digest(before), "after": digest(after)})
    registry.ledger.write(told, puts)
    return after


def _altered(account: Account, wish: Alteration) -> Account:
    if wish.uid is not None and wish.no_uid:
        raise InputError(_("--uid and --no-uid exclude each other"))
    new = {
        "title": account.title if wish.title is None else wish.title,
        "roles": account.roles if wish.roles is None else wish.roles,
        "uid": None if wish.no_uid else account.uid if wish.uid is None else wish.uid,
        "disabled": account.disabled if wish.disabled is None else wish.disabled,
    }
    return account.model_copy(update=new)


def _roll_put(ledger: Ledger, before: Account | None, after: Account) -> Put[Roll]:
    """The roll with the account as it will be. Its version keeps two changes at once from undoing what it holds."""
    kept = ledger.get(ROLLS, ROLL)
    roll = kept.value if kept else Roll()
    holder = after.uid is not None and roll.uids.get(after.uid, after.name)
    if holder and holder != after.name:
        raise ConflictError(_("uid {uid} is {holder}'s already").format(uid=after.uid, holder=holder))
    uids = {uid: name for uid, name in roll.uids.items() if name != after.name}
    if after.uid is not None:
        uids[after.uid] = after.name
    rules = Role.ADMIN in after.roles and not after.disabled
    admins = roll.admins - {after.name} | ({after.name} if rules else frozenset())
    if before is not None and not admins:
        text = _("{name} is the last admin: make somebody else one first (fosa people change NAME --role admin)")
        raise ConflictError(text.format(name=after.name))
    return Put(ROLLS, ROLL, Roll(admins=admins, uids=uids), kept.version if kept else 0)


def _differences(before: Account, after: Account) -> dict[str, str]:
    """What the audit says of a change beside the digests."""
    said = {
        "title": (before.title, after.title),
        "roles": (_spoken(before.roles), _spoken(after.roles)),
        "uid": (_uid(before.uid), _uid(after.uid)),
        "disabled": (str(before.disabled).lower(), str(after.disabled).lower()),
    }
    return {name: f"{was} -> {now}" for name, (was, now) in said.items() if was != now}


def _spoken(roles: frozenset[Role]) -> str:
    return " ".join(sorted(roles))


def _uid(uid: int | None) -> str:
    return "-" if uid is None else str(uid)
