"""Tokens: their scope, their end, and what they can never do."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from api.people import accounts, tokens
from api.people.accounts import Alteration
from api.people.model import Action, Caller, Role
from api.people.permissions import PERSONAL
from api.people.shelf import TOKENS
from api.people.sweep import sweep
from api.people.tokens import Issued, Wanted, caller_of_token
from inventory.errors import InputError, RefusedError
from tests.api.people.office import People

ANNA = Caller(account="anna", roles=frozenset({Role.ADMIN, Role.OPERATOR}), origin="socket uid 1000")


@pytest.fixture
def office(people: People) -> People:
    people.first("anna", 1000, Role.OPERATOR)
    return people


def issue(people: People, *scope: Action, days: int = 30) -> Issued:
    return tokens.issue(people.registry, ANNA, Wanted(title="a script", scope=frozenset(scope), days=days))


def who(people: People, token: str) -> Caller:
    return caller_of_token(people.ledger, token, people.clock())


def test_a_token_acts_for_its_account_within_its_scope(office: People) -> None:
    issued = issue(office, Action.SEE, Action.PROPOSE)
    assert issued.token.startswith(f"fosa_{issued.id}_")
    assert issued.token not in repr(issued)
    assert who(office, issued.token) == Caller(
        account="anna",
        roles=ANNA.roles,
        origin=f"token {issued.id}",
        scope=frozenset({Action.SEE, Action.PROPOSE}),
    )
    kept = office.ledger.get(TOKENS, issued.id)
    assert kept is not None
    assert issued.token.removeprefix(f"fosa_{issued.id}_") not in kept.value.model_dump_json()


@pytest.mark.parametrize("action", sorted(PERSONAL))
def test_what_takes_a_person_is_in_no_scope(office: People, action: Action) -> None:
    with pytest.raises(InputError, match=f"no token may {action.value}"):
        issue(office, Action.SEE, action)


def test_nobody_gives_a_token_more_than_he_has(office: People) -> None:
    with pytest.raises(RefusedError, match="anna may not freeze"):
        tokens.issue(
            office.registry,
            Caller(account="anna", roles=frozenset({Role.OPERATOR}), origin="socket uid 1000"),
            Wanted(title="x", scope=frozenset({Action.FREEZE}), days=1),
        )


@pytest.mark.parametrize("days", [-1, 0, 366])
def test_no_token_lasts_longer_than_a_year(days: int) -> None:
    with pytest.raises(ValidationError):
        Wanted(title="x", scope=frozenset({Action.SEE}), days=days)
    with pytest.raises(ValidationError):
        Wanted(title="x", scope=frozenset(), days=1)


def test_a_token_runs_out_on_its_day(office: People) -> None:
    issued = issue(office, Action.SEE, days=2)
    office.clock.forward(hours=47, minutes=59)
    assert who(office, issued.token).account == "anna"
    office.clock.forward(minutes=1)
    with pytest.raises(RefusedError, match=f"the token {issued.id} has run out on 2026-11-25; make a new one"):
        who(office, issued.token)
    assert sweep(office.registry) == 0
    office.clock.forward(days=30)
    assert sweep(office.registry) == 1
    with pytest.raises(RefusedError, match="is none, or has been ended"):
        who(office, issued.token)


def test_what_is_no_token_is_none(office: People) -> None:
    token = issue(office, Action.SEE).token
    for wrong in (
        "",
        "fosa_",
        "x",
        token[:-1],
        token + "x",
        token.swapcase(),
        token.removeprefix("fosa_"),
        "fosa__" + token,
    ):
        with pytest.raises(RefusedError, match="is none, or has been ended"):
            who(office, wrong)


def test_a_token_ends_at_once_by_its_owner_or_an_admin(office: People) -> None:
    jan = office.join("jan", Role.OPERATOR)
    issued = issue(office, Action.SEE)
    with pytest.raises(RefusedError, match=r"jan may not do this \(prove\)"):
        tokens.end(office.registry, jan, issued.id)
    wanted = Wanted(title="jan's", scope=frozenset({Action.SEE}), days=1)
    his = tokens.issue(office.registry, jan, wanted)
    for caller, token in ((ANNA, his), (ANNA, issued)):
        tokens.end(office.registry, caller, token.id)
        with pytest.raises(RefusedError):
            who(office, token.token)
    with pytest.raises(InputError, match="there is no token"):
        tokens.end(office.registry, ANNA, his.id)
    # Whether there is such a token is nobody's business but an admin's.
    with pytest.raises(RefusedError):
        tokens.end(office.registry, jan, "00000000")


def test_a_token_is_worth_what_its_account_is_now(office: People) -> None:
    jan = office.join("jan", Role.OPERATOR)
    his = tokens.issue(office.registry, jan, Wanted(title="x", scope=frozenset({Action.PROPOSE}), days=1))
    accounts.change(office.registry, ANNA, Alteration(name="jan", roles=frozenset({Role.VIEWER})))
    assert who(office, his.token).roles == {Role.VIEWER}
    accounts.change(office.registry, ANNA, Alteration(name="jan", disabled=True))
    with pytest.raises(RefusedError, match="the account jan is disabled"):
        who(office, his.token)


def test_a_token_makes_no_token(office: People) -> None:
    caller = who(office, issue(office, Action.SEE).token)
    with pytest.raises(RefusedError, match="its scope does not hold it"):
        tokens.issue(office.registry, caller, Wanted(title="x", scope=frozenset({Action.SEE}), days=1))


def test_the_last_day_of_use_is_noted_once_a_day(office: People) -> None:
    issued = issue(office, Action.SEE)
    caller = who(office, issued.token)
    before = office.ledger.last()[0]
    for _time in range(3):
        tokens.note_use(office.registry, caller)
        tokens.note_use(office.registry, ANNA)
    assert office.ledger.last()[0] == before + 1
    office.clock.forward(days=1)
    tokens.note_use(office.registry, caller)
    (kept,) = tokens.tokens(office.ledger, "anna")
    assert kept.value.used_on == dt.date(2026, 11, 24)
    assert office.ledger.last()[0] == before + 2


def test_the_list_is_ones_own_or_everybodys(office: People) -> None:
    jan = office.join("jan", Role.OPERATOR)
    first = issue(office, Action.SEE)
    office.clock.forward(minutes=1)
    second = tokens.issue(office.registry, jan, Wanted(title="x", scope=frozenset({Action.SEE}), days=1))
    assert [kept.key for kept in tokens.tokens(office.ledger)] == [second.id, first.id]
    assert [kept.key for kept in tokens.tokens(office.ledger, "jan")] == [second.id]
