"""Passwords: which are taken, how they are kept, whether one is right."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from inventory.errors import InputError, ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = ["LONGEST", "SHORTEST", "Match", "check", "hashed", "verify"]

SHORTEST, LONGEST = 12, 256
"""Characters."""

TIME_COST, MEMORY_KIB, LANES = 3, 65536, 4
"""Argon2id as RFC 9106 §4 recommends where memory is short (its second choice). A change makes old hashes OUTDATED."""

_AT_ONCE = BoundedSemaphore(2)
_WAIT_S = 10.0

_COMMON = (
    "password", "passw0rd", "haslo", "hasło", "qwerty", "qwertz", "zaq12wsx", "1qaz2wsx", "123456", "abcdef", "111111",
    "letmein", "welcome", "admin", "administrator", "polska", "fosa", "iloveyou", "kochamcie", "monkey", "dragon",
)  # fmt: skip
"""Beginnings that make most of a password guessable. With them and all digits gone, four characters must be left."""

_ROWS = tuple(
    row[::step]
    for row in (
        "1234567890" * 26,
        "abcdefghijklmnopqrstuvwxyz" * 10,
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
    )
    for step in (1, -1)
)
"""Keys in a row, forwards and backwards."""


class Match(StrEnum):
    """Whether a password is the one that was hashed."""

    RIGHT = "right"
    OUTDATED = "outdated"
    """Right, but hashed as it is no longer done: to be hashed again."""
    WRONG = "wrong"


def check(password: str, name: str) -> None:
    """Take a new password for the account of that name, or say why not (InputError). It is never repeated."""
    if len(password) < SHORTEST:
        raise InputError(_("a password has {n} characters at least").format(n=SHORTEST))
    if len(password) > LONGEST:
        raise InputError(_("a password has {n} characters at most").format(n=LONGEST))
    plain = _plain(password).casefold()
    if len(set(plain)) < 5 or _guessable(plain, name.casefold()):
        raise InputError(_("this password is easily guessed: take several words that have nothing to do with you"))


def hashed(password: str) -> str:
    """What is kept of a password: an argon2id hash with its parameters and salt."""
    with _Turn():
        return _hasher().hash(_plain(password))


def verify(kept: str, password: str) -> Match:
    """Whether it is the password. An empty `kept` is WRONG for every password and takes as long as any other."""
    from argon2.exceptions import InvalidHashError, VerificationError

    nobodys = _nobodys()
    try:
        with _Turn():
            _hasher().verify(kept or nobodys, _plain(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return Match.WRONG
    if not kept or len(password) > LONGEST:
        return Match.WRONG
    return Match.OUTDATED if _hasher().check_needs_rehash(kept) else Match.RIGHT


class _Turn:
    """A place among those hashing at once: each takes 64 MiB."""

    def __enter__(self) -> None:
        if not _AT_ONCE.acquire(timeout=_WAIT_S):
            raise ServiceError(_("too many people log in at this moment; try again"))

    def __exit__(self, *_error: object) -> None:
        _AT_ONCE.release()


def _plain(password: str) -> str:
    """One form for what looks the same, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def _guessable(plain: str, name: str) -> bool:
    left = plain.replace(name, "") if len(name) > 2 else plain
    for common in sorted(_COMMON, key=len, reverse=True):
        left = left.replace(common, "")
    left = "".join(c for c in left if not c.isdigit())
    return len(left) < 4 or any(plain in row for row in _ROWS)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, Type

    return PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)


@cache
def _nobodys() -> str:
    """What an account that is not there is held against."""
    return _hasher().hash("nobody's")
