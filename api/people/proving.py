"""Passwords and second factors of accounts: the first person's, a newcomer's, set anew, taken away."""

from __future__ import annotations

import datetime as dt
import json

from pydantic import Field

from api.chain import digest
from api.people import passwords, totp
from api.people.accounts import Newcomer, newcomer_puts, one_time, standing
from api.people.attempts import Trial
from api.people.codes import matches, new_code, trace
from api.people.model import Action, Caller, Role
from api.people.passwords import Match
from api.people.permissions import require
from api.people.registry import Registry, deed
from api.people.shelf import ACCOUNTS, PROOFS, Proof
from api.store.ledger import Kept, Put
from inventory.errors import ConflictError, InputError, RefusedError
from inventory.model.base import Name, Value
from inventory.words import gettext as _

__all__ = [
    "OFFERED_FOR",
    "Offer",
    "Proving",
    "accept",
    "factor_of",
    "first",
    "new_factor",
    "new_password",
    "offer",
    "reset",
]

OFFERED_FOR = dt.timedelta(minutes=15)
_RECOVERY_CODES = 8


class Offer(Value):
    """A second factor that somebody may make his own. Nothing is kept of it until he has."""

    uri: str = Field(repr=False)
    """otpauth, for the authenticator."""
    sealed: str
    """The same for fosa, to be given back."""


class Proving(Value):
    """A password, and a second factor that its owner has and shows by a code of it."""

    password: str = Field(repr=False)
    sealed: str
    """Of the offer."""
    code: str = Field(repr=False)
    """What the authenticator shows now."""


def offer(registry: Registry, name: str) -> Offer:
    """A new second factor for the account of that name."""
    secret = totp.new_factor()
    until = (registry.now() + OFFERED_FOR).timestamp()
    sealed = registry.seal.close(json.dumps([secret, until]), f"offer {name}")
    return Offer(uri=totp.uri(secret, name), sealed=sealed)


def first(registry: Registry, caller: Caller, newcomer: Newcomer, proving: Proving) -> tuple[str, ...]:
    """Make the first account, an admin's; the answer is its recovery codes. Whoever calls this has seen who asks."""
    _nobody_yet(registry)
    newcomer = newcomer.model_copy(update={"roles": newcomer.roles | {Role.ADMIN}})
    proof, codes = _proved(registry, newcomer.name, proving, Proof())
    puts = newcomer_puts(registry, newcomer, proof, newcomer.name)
    # After the puts were made: whoever comes first from here on moves the roll, and this write is a conflict.
    _nobody_yet(registry)
    told = deed(caller, "people.first", f"account {newcomer.name}", roles=" ".join(sorted(newcomer.roles)))
    registry.ledger.write(told.model_copy(update={"after": digest(puts[0].value)}), puts)
    return codes


def accept(registry: Registry, caller: Caller, name: Name, code: str, proving: Proving) -> tuple[str, ...]:
    """Set one's first password and second factor by the code an admin has handed over; the answer: recovery codes."""
    trial = Trial.of(registry, caller, "proof.accept", name)
    kept = trial.proof
    known = kept.value.one_time if kept else None
    right = matches(code, known.trace if known else trace(""))
    if trial.barred or kept is None or known is None or not right or registry.now() >= known.until:
        raise trial.failed()
    proof, codes = _proved(registry, name, proving, kept.value)
    told = deed(caller.model_copy(update={"account": name}), "proof.accept", f"account {name}")
    registry.ledger.write(told, [Put(PROOFS, name, proof, kept.version), trial.cleared()])
    return codes


def new_password(registry: Registry, caller: Caller, old: str, new: str) -> None:
    """Set one's own password anew, by the old one where there is one. Sessions end."""
    trial, kept = _own(registry, caller, "proof.password")
    if kept.value.password and (passwords.verify(kept.value.password, old) is Match.WRONG or trial.barred):
        raise trial.failed()
    passwords.check(new, caller.account)
    proof = kept.value.model_copy(
        update={"password": passwords.hashed(new), "one_time": None, "epoch": kept.value.epoch + 1}
    )
    told = deed(caller, "proof.password", f"account {caller.account}")
    registry.ledger.write(told, [Put(PROOFS, caller.account, proof, kept.version), trial.cleared()])


def new_factor(registry: Registry, caller: Caller, proving: Proving, current: str) -> tuple[str, ...]:
    """Set one's own second factor anew, by the password and, where there is one, a code of the factor so far (or a
    recovery code); the answer is new recovery codes. Sessions end.
    """
    trial, kept = _own(registry, caller, "proof.factor")
    if not kept.value.password:
        raise InputError(_("set a password first: fosa people password"))
    right = passwords.verify(kept.value.password, proving.password)
    proved = factor_of(registry, caller.account, kept.value, current) if kept.value.factor else kept.value
    if right is Match.WRONG or proved is None or trial.barred:
        raise trial.failed()
    factor, step = _offered(registry, caller.account, proving)
    proof, codes = _with_factor(proved, factor, step)
    told = deed(caller, "proof.factor", f"account {caller.account}")
    registry.ledger.write(told, [Put(PROOFS, caller.account, proof, kept.version), trial.cleared()])
    return codes


def reset(registry: Registry, caller: Caller, name: Name) -> str:
    """Take password, second factor and recovery codes of an account away; the answer is a code to set new ones by."""
    require(caller, Action.PEOPLE, own=name == caller.account)
    standing(registry.ledger, name)
    kept = registry.ledger.get(PROOFS, name)
    code = new_code()
    proof = Proof(one_time=one_time(registry, code), epoch=kept.value.epoch + 1 if kept else 0)
    told = deed(caller, "people.reset", f"account {name}")
    registry.ledger.write(told, [Put(PROOFS, name, proof, kept.version if kept else 0)])
    return code


def factor_of(registry: Registry, name: str, proof: Proof, code: str) -> Proof | None:
    """The proof after this code of the second factor, or this recovery code, has been used; None: it is neither."""
    if not proof.factor:
        return None
    step = totp.used(registry.seal.open(proof.factor, f"factor {name}"), code, registry.now(), proof.step)
    if step is not None:
        return proof.model_copy(update={"step": step})
    left = tuple(kept for kept in proof.recovery if not matches(code, kept))
    return proof.model_copy(update={"recovery": left}) if len(left) < len(proof.recovery) else None


def _nobody_yet(registry: Registry) -> None:
    if registry.ledger.list(ACCOUNTS, limit=1):
        raise RefusedError(_("there are accounts already; an admin makes the next one: fosa people add"))


def _own(registry: Registry, caller: Caller, action: str) -> tuple[Trial, Kept[Proof]]:
    require(caller, Action.PROVE, own=True)
    trial = Trial.of(registry, caller, action, caller.account)
    if trial.proof is None:
        raise trial.refusal()
    return trial, trial.proof


def _proved(registry: Registry, name: str, proving: Proving, proof: Proof) -> tuple[Proof, tuple[str, ...]]:
    passwords.check(proving.password, name)
    factor, step = _offered(registry, name, proving)
    changed = proof.model_copy(update={"password": passwords.hashed(proving.password), "one_time": None})
    return _with_factor(changed, factor, step)


def _with_factor(proof: Proof, factor: str, step: int) -> tuple[Proof, tuple[str, ...]]:
    codes = tuple(new_code() for _number in range(_RECOVERY_CODES))
    new = {"factor": factor, "step": step, "recovery": tuple(map(trace, codes)), "epoch": proof.epoch + 1}
    return proof.model_copy(update=new), codes


def _offered(registry: Registry, name: str, proving: Proving) -> tuple[str, int]:
    """The offered factor as it is kept, and the step of the code that shows that its owner has it."""
    secret, until = json.loads(registry.seal.open(proving.sealed, f"offer {name}"))
    if registry.now().timestamp() > until:
        raise ConflictError(_("this second factor was offered too long ago; begin again"))
    step = totp.used(secret, proving.code, registry.now(), 0)
    if step is None:
        raise InputError(_("this is not the code that the authenticator shows now; are both clocks right?"))
    return registry.seal.close(secret, f"factor {name}"), step
