"""Passwords and second factors set anew, lost, guessed at; keys that are lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.people import accounts, proving, sessions
from api.people.accounts import Alteration
from api.people.model import Action, Caller, Role
from api.people.proving import Proving
from api.people.sealing import Seal
from inventory.errors import InputError, RefusedError, SecretError
from tests.api.people.office import PAGE, PASSWORD, People

NEW = "eight green woodpeckers"


def login(people: People, name: str = "jan", password: str = PASSWORD, code: str | None = None) -> str:
    """A session, a step later than whatever was proved before."""
    people.clock.forward(seconds=60)
    shown = people.code(name) if code is None else code
    return sessions.login(people.registry, PAGE, name, password, shown).secret


def who(people: People, secret: str) -> str:
    return sessions.caller_of_session(people.ledger, secret, "192.0.2.7", people.clock()).account


def test_a_password_is_set_anew_by_the_old_one_and_ends_sessions(people: People) -> None:
    people.first()
    jan = people.join("jan", Role.OPERATOR)
    secret = login(people)
    with pytest.raises(RefusedError):
        proving.new_password(people.registry, jan, "not the old password", NEW)
    with pytest.raises(InputError, match="easily guessed"):
        proving.new_password(people.registry, jan, PASSWORD, "123456789012")
    assert who(people, secret) == "jan"
    proving.new_password(people.registry, jan, PASSWORD, NEW)
    with pytest.raises(RefusedError, match="the session is over"):
        who(people, secret)
    with pytest.raises(RefusedError):
        login(people)
    assert who(people, login(people, password=NEW)) == "jan"


def test_a_second_factor_is_set_anew_by_password_and_the_one_so_far(people: People) -> None:
    people.first()
    jan = people.join("jan", Role.OPERATOR)
    before, secret = people.factors["jan"], login(people)
    people.clock.forward(seconds=60)
    old = people.code("jan")
    proof = people.proving("jan")
    for given, current in ((proof, ""), (proof, "000000"), (proof.model_copy(update={"password": NEW}), old)):
        with pytest.raises(RefusedError):
            proving.new_factor(people.registry, jan, given, current)
    codes = proving.new_factor(people.registry, jan, proof, old)
    assert people.factors["jan"] != before
    assert len(set(codes)) == 8
    with pytest.raises(RefusedError):
        who(people, secret)
    assert who(people, login(people)) == "jan"


def test_a_recovery_code_stands_in_for_the_factor_once(people: People) -> None:
    people.first()
    jan = people.join("jan", Role.OPERATOR)
    people.clock.forward(seconds=60)
    current = people.code("jan")
    codes = proving.new_factor(people.registry, jan, people.proving("jan"), current)
    assert who(people, login(people, code=codes[0].upper())) == "jan"
    with pytest.raises(RefusedError):
        login(people, code=codes[0])
    # By another one the lost telephone is replaced, and all of them with it.
    proving.new_factor(people.registry, jan, people.proving("jan"), codes[1])
    with pytest.raises(RefusedError):
        login(people, code=codes[2])


def test_an_admin_takes_lost_proofs_away_and_hands_out_a_code(people: People) -> None:
    admin = people.first()
    people.join("jan", Role.OPERATOR)
    secret = login(people)
    code = proving.reset(people.registry, admin, "jan")
    with pytest.raises(RefusedError):
        who(people, secret)
    with pytest.raises(RefusedError):
        login(people)
    proving.accept(people.registry, PAGE, "jan", code, people.proving("jan", NEW))
    assert who(people, login(people, password=NEW)) == "jan"
    with pytest.raises(InputError, match="there is no account ola"):
        proving.reset(people.registry, admin, "ola")


def test_who_has_no_password_sets_one_first(people: People) -> None:
    admin = people.first()
    accounts.add(people.registry, admin, accounts.Newcomer(name="ewa", title="Ewa", roles=frozenset(Role), uid=1005))
    ewa = accounts.caller_of_uid(people.ledger, 1005)
    with pytest.raises(InputError, match="set a password first"):
        proving.new_factor(people.registry, ewa, people.proving("ewa"), "")
    proving.new_password(people.registry, ewa, "", PASSWORD)
    # Without a second factor the page lets nobody in.
    with pytest.raises(RefusedError):
        login(people, "ewa")
    people.clock.forward(seconds=60)
    proving.new_factor(people.registry, ewa, people.proving("ewa"), "")
    assert who(people, login(people, "ewa")) == "ewa"


def test_neither_a_token_nor_a_schedule_nor_somebody_disabled_sets_proofs(people: People) -> None:
    admin = people.first()
    jan = people.join("jan", Role.OPERATOR)
    token = jan.model_copy(update={"origin": "token 12345678", "scope": frozenset(Action)})
    schedule = Caller(account="schedule:drift", roles=frozenset(Role), origin="schedule")
    accounts.change(people.registry, admin, Alteration(name="jan", disabled=True))
    for caller in (token, schedule, jan, PAGE):
        with pytest.raises(RefusedError):
            proving.new_password(people.registry, caller, PASSWORD, NEW)


def test_an_offer_is_for_one_account_and_a_short_while(people: People) -> None:
    people.first()
    jan = people.join("jan", Role.OPERATOR)
    people.clock.forward(seconds=60)
    current = people.code("jan")
    others = people.proving("ewa")
    with pytest.raises(SecretError):
        proving.new_factor(people.registry, jan, others, current)
    garbled = Proving(password=PASSWORD, sealed="bm90IHNlYWxlZA==", code="123456")
    with pytest.raises(SecretError):
        proving.new_factor(people.registry, jan, garbled, current)


def test_a_lost_or_exchanged_key_is_said_so_and_nothing_is_lost(people: People, tmp_path: Path) -> None:
    people.first()
    people.join("jan", Role.OPERATOR)
    file = tmp_path / "people.key"
    assert (file.stat().st_mode & 0o777, file.stat().st_size) == (0o600, 32)
    key = file.read_bytes()
    for fault, why in ((None, "cannot be read: No such file"), (b"x" * 32, "not the key"), (b"short", "is no key")):
        file.unlink(missing_ok=True)
        if fault:
            file.write_bytes(fault)
        with pytest.raises(SecretError, match=why):
            login(people)
    file.write_bytes(key)
    assert who(people, login(people)) == "jan"


def test_a_key_is_made_once_by_whoever_comes_first(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(lambda n: Seal.of(tmp_path).close(f"secret {n}", "x"), range(8)))
    assert [Seal.of(tmp_path).open(text, "x") for text in sealed] == [f"secret {n}" for n in range(8)]
    assert [file.name for file in tmp_path.iterdir()] == ["people.key"]
