"""Who answers what is asked about people."""

from __future__ import annotations

import os
from collections.abc import Mapping

from api.accounts import verbs
from api.accounts.verbs import (
    Accept,
    Code,
    Factor,
    First,
    Login,
    Me,
    Named,
    NewPassword,
    People,
    Person,
    Recovery,
    Secret,
    ShownToken,
    TokenId,
    Tokens,
    Whose,
)
from api.desk.context import Context
from api.desk.verb import Bound, Nothing, bound
from api.people import accounts, proving, sessions, tokens
from api.people.accounts import Alteration, Newcomer
from api.people.model import Account, Action, Caller
from api.people.permissions import require
from api.people.proving import Offer
from api.people.registry import Registry, deed
from api.people.sealing import Seal
from api.people.sessions import Begun
from api.people.shelf import PROOFS, Proof
from api.people.tokens import Issued, Wanted
from api.store.ledger import Ledger
from inventory.errors import RefusedError
from inventory.words import gettext as _

__all__ = ["CONSOLE", "answers_of", "handlers", "registry_of"]

CONSOLE = "console"
"""The origin of whoever sits at the ledger's own machine and may write it; the desk gives it to nobody."""


def registry_of(context: Context) -> Registry:
    """The people of the office."""
    return Registry(context.ledger, Seal.of(context.folder), context.clock)


def handlers(context: Context) -> Mapping[str, Bound]:
    """The verbs about people, by name."""
    return answers_of(registry_of(context))


def answers_of(registry: Registry) -> Mapping[str, Bound]:
    """The same for whoever has no service but the ledger itself."""
    answers = _Answers(registry)
    return bound(
        (verbs.WHOAMI, answers.me),
        (verbs.LIST, answers.everybody),
        (verbs.ADD, answers.add),
        (verbs.CHANGE, answers.change),
        (verbs.RESET, answers.reset),
        (verbs.FIRST, answers.first),
        (verbs.OFFER, answers.offer),
        (verbs.ACCEPT, answers.accept),
        (verbs.PASSWORD, answers.password),
        (verbs.FACTOR, answers.factor),
        (verbs.LOGIN, answers.login),
        (verbs.LOGOUT, answers.logout),
        (verbs.SEEN, answers.seen),
        (verbs.TOKEN_LIST, answers.tokens),
        (verbs.TOKEN_ADD, answers.token_add),
        (verbs.TOKEN_END, answers.token_end),
    )


class _Answers:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def me(self, caller: Caller, _asked: Nothing) -> Me:
        return Me(account=caller.account, roles=tuple(sorted(caller.roles)), origin=caller.origin)

    def everybody(self, _caller: Caller, _asked: Nothing) -> People:
        ledger = self._registry.ledger
        return People(people=tuple(_person(ledger, account) for account in accounts.accounts(ledger)))

    def add(self, caller: Caller, asked: Newcomer) -> Code:
        return self._code(accounts.add(self._registry, caller, asked))

    def change(self, caller: Caller, asked: Alteration) -> Person:
        return _person(self._registry.ledger, accounts.change(self._registry, caller, asked))

    def reset(self, caller: Caller, asked: Named) -> Code:
        return self._code(proving.reset(self._registry, caller, asked.name))

    def first(self, caller: Caller, asked: First) -> Recovery:
        # Root, or whoever runs the service as himself: both could write the ledger without asking.
        if caller.origin not in {CONSOLE, "socket uid 0", f"socket uid {os.geteuid()}"}:
            told = deed(caller, verbs.FIRST.name, f"account {asked.newcomer.name}", result="refused")
            self._registry.ledger.write(told)
            raise RefusedError(_("the first admin is made by root, on the console: sudo fosa people first"))
        return Recovery(codes=proving.first(self._registry, caller, asked.newcomer, asked.proving))

    def offer(self, _caller: Caller, asked: Named) -> Offer:
        return proving.offer(self._registry, asked.name)

    def accept(self, caller: Caller, asked: Accept) -> Recovery:
        return Recovery(codes=proving.accept(self._registry, caller, asked.name, asked.code, asked.proving))

    def password(self, caller: Caller, asked: NewPassword) -> Nothing:
        proving.new_password(self._registry, caller, asked.old, asked.new)
        return Nothing()

    def factor(self, caller: Caller, asked: Factor) -> Recovery:
        return Recovery(codes=proving.new_factor(self._registry, caller, asked.proving, asked.current))

    def login(self, caller: Caller, asked: Login) -> Begun:
        if not caller.origin.startswith("page "):
            raise RefusedError(_("sessions are for the page; here the machine's own account says who one is"))
        return sessions.login(self._registry, caller, asked.name, asked.password, asked.code)

    def logout(self, caller: Caller, asked: Secret) -> Nothing:
        sessions.end(self._registry, caller, asked.secret)
        return Nothing()

    def seen(self, caller: Caller, asked: Secret) -> Nothing:
        sessions.seen(self._registry, caller, asked.secret)
        return Nothing()

    def tokens(self, caller: Caller, asked: Whose) -> Tokens:
        require(caller, Action.PROVE, own=not asked.everybody)
        found = tokens.tokens(self._registry.ledger, None if asked.everybody else caller.account)
        return Tokens(
            tokens=tuple(
                ShownToken(
                    id=kept.key,
                    scope=tuple(sorted(kept.value.scope)),
                    **kept.value.model_dump(include={"account", "title", "made_at", "until", "used_on"}),
                )
                for kept in found
            )
        )

    def token_add(self, caller: Caller, asked: Wanted) -> Issued:
        return tokens.issue(self._registry, caller, asked)

    def token_end(self, caller: Caller, asked: TokenId) -> Nothing:
        tokens.end(self._registry, caller, asked.id)
        return Nothing()

    def _code(self, code: str) -> Code:
        return Code(code=code, until=self._registry.now() + accounts.ONE_TIME_FOR)


def _person(ledger: Ledger, account: Account) -> Person:
    kept = ledger.get(PROOFS, account.name)
    proof = kept.value if kept else Proof()
    return Person(
        account=account,
        password=bool(proof.password),
        second_factor=bool(proof.factor),
        recovery_codes=len(proof.recovery),
        code_until=proof.one_time.until if proof.one_time else None,
    )
