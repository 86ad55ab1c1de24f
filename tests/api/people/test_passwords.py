"""Which passwords are taken, how they are kept, and codes that are good once."""

from __future__ import annotations

import datetime as dt

import argon2
import pytest

from api.people import codes, passwords, totp
from api.people.passwords import LONGEST, Match, check, hashed, verify
from inventory.errors import InputError

GOOD = "seven brown hedgehogs"
NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("password", [GOOD, "zażółć gęślą jaźń", "T7#k-vv0.Lq9x", "x" * 3 + "The other half" * 10])
def test_a_good_password_is_taken(password: str) -> None:
    check(password, "anna")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "12 characters at least"),
        ("elevenchars", "12 characters at least"),
        ("x" * (LONGEST + 1), "256 characters at most"),
        ("aaaaaaaaaaaaaaa", "easily guessed"),
        ("abababababab", "easily guessed"),
        ("123456789012", "easily guessed"),
        ("qwertyuiopas", "easily guessed"),
        ("mnbvcxzlkjhg", "easily guessed"),
        ("Password1234", "easily guessed"),
        ("passwordpassword", "easily guessed"),
        ("hasło123456!", "easily guessed"),
        ("Administrator1", "easily guessed"),
        ("annaanna-anna", "easily guessed"),
        ("ANNAannaAdmin", "easily guessed"),
    ],
)
def test_a_bad_one_is_not_and_is_not_repeated(password: str, why: str) -> None:
    with pytest.raises(InputError, match=why) as caught:
        check(password, "anna")
    assert not password or password not in str(caught.value)


def test_a_password_is_kept_as_argon2id_with_stated_parameters() -> None:
    kept = hashed(GOOD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert GOOD not in kept
    assert hashed(GOOD) != kept
    assert verify(kept, GOOD) is Match.RIGHT
    assert verify(kept, GOOD + " ") is Match.WRONG
    assert verify(kept, "x" * 1_000_000) is Match.WRONG


def test_what_looks_the_same_is_the_same() -> None:
    assert (
        verify(hashed("zażółć gęślą jaźń"), "zaz\u0307o\u0301łc\u0301 ge\u0328s\u0301la\u0328 jaz\u0301n\u0301")
        is Match.RIGHT
    )


def test_an_old_hash_is_right_and_outdated() -> None:
    old = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)
    assert verify(old, GOOD) is Match.OUTDATED
    assert verify(old, "another one entirely") is Match.WRONG


@pytest.mark.parametrize("kept", ["", "no hash", "$argon2id$v=19$m=65536,t=3,p=4$x$y"])
def test_no_password_is_never_right(kept: str) -> None:
    for password in ("", "nobody's", GOOD):
        assert verify(kept, password) is Match.WRONG


def test_hashing_waits_for_its_turn() -> None:
    # More at once than have a place: all of them come to their end.
    from concurrent.futures import ThreadPoolExecutor

    kept = hashed(GOOD)
    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(lambda _n: verify(kept, GOOD), range(6))) == {Match.RIGHT}


def test_a_code_of_the_second_factor_is_good_once_and_for_a_step_either_way() -> None:
    secret = totp.new_factor()
    step = int(NOW.timestamp()) // totp.STEP_S
    before, after = (NOW + dt.timedelta(seconds=seconds) for seconds in (-30, 30))
    for at, wanted in ((NOW, step), (before, step - 1), (after, step + 1)):
        assert totp.used(secret, totp.current(secret, at), NOW, 0) == wanted
    assert totp.used(secret, totp.current(secret, NOW), NOW, step) is None
    assert totp.used(secret, totp.current(secret, before), NOW, step) is None
    assert totp.used(secret, totp.current(secret, after), NOW, step) == step + 1
    for far in (-90, -60, 60, 90):
        assert totp.used(secret, totp.current(secret, NOW + dt.timedelta(seconds=far)), NOW, 0) is None
    shown = totp.current(secret, NOW)
    assert totp.used(secret, f" {shown[:3]} {shown[3:]} ", NOW, 0) == step


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "ąćęłńó", "0" * 10_000])
def test_what_is_no_code_is_none(code: str) -> None:
    assert totp.used("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", code, NOW, 0) is None


def test_a_factor_is_offered_as_authenticators_read_it() -> None:
    secret = totp.new_factor()
    assert totp.uri(secret, "anna") == f"otpauth://totp/fosa:anna?secret={secret}&issuer=fosa"
    assert len(secret) == 32


def test_a_typed_code_is_found_again_however_it_is_typed() -> None:
    code = codes.new_code()
    kept = codes.trace(code)
    assert code != codes.new_code()
    for typed in (code, code.upper(), code.replace("-", ""), code.replace("-", " ")):
        assert codes.matches(typed, kept)
    assert not codes.matches(code[:-1], kept)
    assert not codes.matches("", kept)
    secret = codes.new_secret()
    assert codes.matches(secret, codes.trace(secret))
    assert not codes.matches(secret.swapcase(), codes.trace(secret))
    assert passwords.SHORTEST == 12
