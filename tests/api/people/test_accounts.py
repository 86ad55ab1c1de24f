"""Accounts: made, changed, disabled; the last admin; whose uid is whose."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from api.chain import Entry, digest
from api.people import accounts, proving
from api.people.accounts import Alteration, Newcomer, caller_of_uid
from api.people.model import Caller, Role
from inventory.errors import ConflictError, InputError, RefusedError
from tests.api.people.office import PAGE, PASSWORD, People


def newcomer(name: str, *roles: Role, uid: int | None = None) -> Newcomer:
    return Newcomer(name=name, title=name.title(), roles=frozenset(roles or {Role.VIEWER}), uid=uid)


def test_the_first_account_is_an_admins_and_there_is_one_first(people: People) -> None:
    with pytest.raises(RefusedError, match=r"nobody has an account here yet.*fosa people first"):
        caller_of_uid(people.ledger, 1000)
    people.first(uid=1000)
    assert caller_of_uid(people.ledger, 1000) == Caller(
        account="anna", roles=frozenset({Role.ADMIN}), origin="socket uid 1000"
    )
    with pytest.raises(RefusedError, match="there are accounts already"):
        people.first("jan", 1001)
    assert people.deeds() == [("nobody", "people.first", "account anna", "done")]


def test_of_two_who_are_first_at_once_one_is(anywhere: People) -> None:
    wanted = [(newcomer(name), anywhere.proving(name)) for name in ("anna", "jan")]

    def be_first(number: int) -> bool:
        try:
            proving.first(anywhere.registry, Caller.unproved("console"), *wanted[number])
        except (ConflictError, RefusedError):
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(be_first, range(2))) == [False, True]
    assert len(accounts.accounts(anywhere.ledger)) == 1


def test_nothing_is_made_before_the_first_has_proved_himself(people: People) -> None:
    proof = people.proving("anna")
    console = Caller.unproved("console")
    for wrong in ({"code": "000000"}, {"password": "short"}):
        with pytest.raises(InputError):
            proving.first(people.registry, console, newcomer("anna"), proof.model_copy(update=wrong))
    people.clock.forward(minutes=20)
    with pytest.raises(ConflictError, match="offered too long ago"):
        proving.first(people.registry, console, newcomer("anna"), proof)
    assert people.ledger.last()[0] == 0


def test_only_an_admin_makes_and_changes_accounts(people: People) -> None:
    admin = people.first()
    for role in set(Role) - {Role.ADMIN}:
        other = Caller(account="jan", roles=frozenset({role}), origin="socket uid 1001")
        for attempt in (
            lambda who: accounts.add(people.registry, who, newcomer("ewa")),
            lambda who: accounts.change(people.registry, who, Alteration(name="anna", disabled=True)),
            lambda who: proving.reset(people.registry, who, "anna"),
        ):
            with pytest.raises(RefusedError, match="it takes the role admin"):
                attempt(other)
    accounts.add(people.registry, admin, newcomer("ewa"))
    assert [account.name for account in accounts.accounts(people.ledger)] == ["anna", "ewa"]


def test_names_and_uids_are_one_persons(people: People) -> None:
    admin = people.first(uid=1000)
    for name in ("anna", "nobody"):
        with pytest.raises(ConflictError, match="there is an account"):
            accounts.add(people.registry, admin, newcomer(name))
    with pytest.raises(ConflictError, match="uid 1000 is anna's already"):
        accounts.add(people.registry, admin, newcomer("jan", uid=1000))
    people.join("jan", Role.VIEWER, uid=1001)
    with pytest.raises(ConflictError, match="uid 1000 is anna's already"):
        accounts.change(people.registry, admin, Alteration(name="jan", uid=1000))
    with pytest.raises(InputError, match="exclude each other"):
        accounts.change(people.registry, admin, Alteration(name="jan", uid=1002, no_uid=True))
    accounts.change(people.registry, admin, Alteration(name="jan", uid=1002))
    assert caller_of_uid(people.ledger, 1002).account == "jan"
    with pytest.raises(RefusedError, match="uid 1001 of this machine is nobody's account"):
        caller_of_uid(people.ledger, 1001)
    accounts.change(people.registry, admin, Alteration(name="jan", no_uid=True))
    accounts.add(people.registry, admin, newcomer("ewa", uid=1002))
    assert caller_of_uid(people.ledger, 1002).account == "ewa"


def test_two_who_are_given_one_uid_at_once_do_not_both_get_it(anywhere: People) -> None:
    admin = anywhere.first()

    def add(name: str) -> bool:
        try:
            accounts.add(anywhere.registry, admin, newcomer(name, uid=1001))
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(add, ["jan", "ewa", "ola", "iza"])) == 1


def test_the_last_admin_stays_one(people: People) -> None:
    admin = people.first()
    for wish in (Alteration(name="anna", disabled=True), Alteration(name="anna", roles=frozenset({Role.VIEWER}))):
        with pytest.raises(ConflictError, match="anna is the last admin"):
            accounts.change(people.registry, admin, wish)
    jan = people.join("jan", Role.ADMIN)
    accounts.change(people.registry, jan, Alteration(name="anna", disabled=True))
    with pytest.raises(RefusedError, match="the account anna is disabled"):
        caller_of_uid(people.ledger, 1000)
    with pytest.raises(ConflictError, match="jan is the last admin"):
        accounts.change(people.registry, jan, Alteration(name="jan", disabled=True))
    accounts.change(people.registry, jan, Alteration(name="anna", disabled=False))
    assert caller_of_uid(people.ledger, 1000).account == "anna"


def test_two_admins_who_disable_each_other_at_once_do_not_both_succeed(anywhere: People) -> None:
    pair = {"anna": anywhere.first(), "jan": anywhere.join("jan", Role.ADMIN)}

    def disable(by: str, whom: str) -> bool:
        try:
            accounts.change(anywhere.registry, pair[by], Alteration(name=whom, disabled=True))
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(disable, ["anna", "jan"], ["jan", "anna"])) == 1


def test_a_change_is_in_the_audit_with_what_was_and_what_is(people: People) -> None:
    admin = people.first()
    people.join("jan", Role.VIEWER, uid=1001)
    before = accounts.standing(people.ledger, "jan").value
    wish = Alteration(name="jan", title="Jan", roles=frozenset({Role.OPERATOR, Role.APPROVER}), no_uid=True)
    after = accounts.change(people.registry, admin, wish)
    number = people.ledger.last()[0]
    deed = Entry.model_validate_json(people.ledger.entries(after=number - 1)[0][1]).deed
    assert (deed.who, deed.action, deed.subject) == ("anna", "people.change", "account jan")
    assert deed.detail == {"roles": "viewer -> approver operator", "uid": "1001 -> -"}
    assert (deed.before, deed.after) == (digest(before), digest(after))
    # What changes nothing is no deed.
    accounts.change(people.registry, admin, wish)
    assert people.ledger.last()[0] == number


def test_a_newcomer_sets_his_own_password_once_within_a_day(people: People) -> None:
    admin = people.first()
    code = accounts.add(people.registry, admin, newcomer("jan"))
    with pytest.raises(RefusedError):
        proving.accept(people.registry, PAGE, "jan", "aaaa-aaaa-aaaa-aaaa", people.proving("jan"))
    proving.accept(people.registry, PAGE, "jan", code.upper(), people.proving("jan"))
    with pytest.raises(RefusedError):
        proving.accept(people.registry, PAGE, "jan", code, people.proving("jan"))
    late = accounts.add(people.registry, admin, newcomer("ewa"))
    people.clock.forward(hours=24)
    with pytest.raises(RefusedError):
        proving.accept(people.registry, PAGE, "ewa", late, people.proving("ewa"))
    assert ("jan", "proof.accept", "account jan", "done") in people.deeds()


def test_no_secret_is_in_the_ledger_or_its_audit(anywhere: People) -> None:
    admin = anywhere.first()
    code = accounts.add(anywhere.registry, admin, newcomer("jan"))
    recovery = proving.accept(anywhere.registry, PAGE, "jan", code, anywhere.proving("jan"))
    # The tables themselves, not only what the ledger hands out.
    from sqlalchemy import text

    with anywhere.ledger._database.transaction() as connection:
        rows = [
            *connection.execute(text("SELECT document FROM documents")),
            *connection.execute(text("SELECT entry FROM audit")),
        ]
    everything = "\n".join(str(row[0]) for row in rows)
    assert "argon2id" in everything
    for secret in (PASSWORD, code, code.replace("-", ""), *recovery, *anywhere.factors.values()):
        assert secret not in everything
