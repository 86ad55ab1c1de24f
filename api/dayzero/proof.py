"""Proof of a gateway's two accounts: each does what it is for, and is refused what it is not for."""

from __future__ import annotations

import secrets as random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from inventory.model import Access
from inventory.secrets import SecretStore
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import Failure, FailureKind, Fetched, Reverted, Status
from playbooks.drivers.gateway import Account, Carrier, GatewayDriver, Question
from playbooks.drivers.linux import SshCarrier

__all__ = ["Check", "Proof", "Proved", "prove", "prove_over"]


class Proved(StrEnum):
    """What became of one check."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """Nobody answered, or not in words that can be understood."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so."""

    what: Sentence
    proved: Proved
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """All of them, and how the gateway says it is; None when it did not say."""

    checks: tuple[Check, ...]
    status: Status | None

    @property
    def whole(self) -> bool:
        """Whether every one of them was proved."""
        return all(check.proved is Proved.YES for check in self.checks)


@dataclass(frozen=True, slots=True)
class _As:
    """A carrier that asks everything through one account, whichever it would be for."""

    carrier: Carrier
    account: Account

    def ask(self, question: Question) -> str | Failure:
        """The same words, from the other account."""
        return self.carrier.ask(replace(question, account=self.account))


def prove(access: Access, secrets: SecretStore) -> Proof:
    """Log in with both accounts, over a new connection for each question. Nothing on the device is changed."""
    return prove_over(SshCarrier(access, secrets))


def prove_over(carrier: Carrier) -> Proof:
    """The same over any carrier."""
    status = GatewayDriver(carrier).status()
    return Proof(tuple(_checks(carrier, status)), status if isinstance(status, Status) else None)


def _checks(carrier: Carrier, status: Status | Failure) -> Iterator[Check]:
    token = f"proof{random.token_hex(8)}"
    reader, writer = (GatewayDriver(_As(carrier, account)) for account in (Account.READ, Account.WRITE))
    yield _may(N_("the read account reads the configuration"), reader.fetch(), Fetched)
    yield _may(N_("the read account reads how the gateway is"), status, Status)
    yield _may_not(N_("the read account may change nothing"), lambda: reader.discard(token))
    # A candidate that never was: the one request of a writer that changes nothing.
    yield _may(N_("the write account reaches the gate"), writer.discard(token), Reverted)
    yield _may_not(N_("the write account may do only what the gate knows"), lambda: writer.commit(token, 1))


def _may(what: str, answer: object, wanted: type[object]) -> Check:
    if isinstance(answer, wanted):
        return Check(say(what), Proved.YES)
    assert isinstance(answer, Failure)  # noqa: S101  a driver answers nothing else
    wrong = answer.kind in {FailureKind.REFUSED, FailureKind.HOST_KEY, FailureKind.AUTHENTICATION}
    return Check(say(what), Proved.NO if wrong else Proved.UNKNOWN, say(N_("{why}"), why=answer))


def _may_not(what: str, ask: Callable[[], object]) -> Check:
    answer = ask()
    if not isinstance(answer, Failure):
        return Check(say(what), Proved.NO, say(N_("the gateway did it")))
    if answer.kind is FailureKind.REFUSED:
        return Check(say(what), Proved.YES)
    return Check(say(what), Proved.UNKNOWN, say(N_("{why}"), why=answer))
