"""Accounts and secrets in a text of IOS, and how each is kept.

Types: Cisco, "Password Types", `username`, `enable secret` (security command reference); 0 clear, 4 SHA-256 without
salt, 5 MD5, 6 AES under a key of the device, 7 hidden, 8 PBKDF2, 9 scrypt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.facts.cisco_ios.page import Page
from monitor.facts.indent import Block
from monitor.facts.switch import Hashing, StoredSecret, User

__all__ = ["stored", "users"]

_TYPES = {
    "0": Hashing.CLEAR,
    "4": Hashing.WEAK,
    "5": Hashing.WEAK,
    "6": Hashing.REVERSIBLE,
    "7": Hashing.REVERSIBLE,
    "8": Hashing.STRONG,
    "9": Hashing.STRONG,
}
_USER = re.compile(
    r"username (?P<name>\S+)(?: privilege (?P<level>\d{1,9}))?(?: view \S+)?"
    r"(?: (?P<kind>secret|password)(?: (?P<type>\d+))? (?P<word>\S+)| (?P<none>nopassword))?"
    r"(?: privilege (?P<late>\d{1,9}))?"
)
_ENABLE = re.compile(r"enable (?P<kind>secret|password)(?: level \d+)?(?: (?P<type>\d+))? (?P<word>\S+)")
_OWN = re.compile(r"password(?: (?P<type>\d+))? (?P<word>\S+)")
_KEY = re.compile(r"key(?: (?P<type>\d+))? (?P<word>\S.*)")
_OLD_KEY = re.compile(r"(?P<what>radius|tacacs)-server (?:.* )?key(?: (?P<type>\d+))? (?P<word>\S+)")
_NTP_KEY = re.compile(r"ntp authentication-key \d+ \S+ (?P<word>\S+)(?: (?P<type>\d+))?")
_HASH = re.compile(r"\$(\d+)\$")


def users(page: Page) -> tuple[User, ...]:
    """The local accounts, each once: IOS merges the lines of a name."""
    found: dict[str, User] = {}
    for block, match in page.matching("username", _USER):
        before = found.get(match["name"])
        level = match["level"] or match["late"]
        hashing = _hashing(page, match) if match["kind"] else (before.hashing if before else Hashing.CLEAR)
        full = int(level) == 15 if level else (before.full if before else False)
        found[match["name"]] = User(match["name"], hashing, full, page.where(block))
    return tuple(found.values())


def stored(page: Page) -> tuple[StoredSecret, ...]:
    """Every secret but those of SNMP, which is judged by itself."""
    return tuple(_stored(page))


def _stored(page: Page) -> Iterator[StoredSecret]:
    for block, match in page.matching("username", _USER):
        if match["kind"]:
            yield _secret(page, block, f"user {match['name']}", match)
        elif match["none"]:
            yield StoredSecret(f"user {match['name']}", Hashing.CLEAR, "nopassword", page.where(block))
    for block, match in page.matching("enable", _ENABLE):
        yield _secret(page, block, "enable", match)
    for block, match in page.matching("ntp", _NTP_KEY):
        yield _secret(page, block, "ntp key", match)
    for first in ("radius-server", "tacacs-server"):
        for block, match in page.matching(first, _OLD_KEY):
            yield _secret(page, block, f"{match['what']} key", match)
    yield from _within(page)


_WITHIN = (
    ("radius server", "radius key", _KEY),
    ("tacacs server", "tacacs key", _KEY),
    ("line", "", _OWN),
)


def _within(page: Page) -> Iterator[StoredSecret]:
    for holder, what, pattern in _WITHIN:
        for block in page.beginning(holder):
            for child in block.children:
                if (match := pattern.fullmatch(child.text)) is not None:
                    child.read = True
                    yield _secret(page, child, what or block.text, match)


def _secret(page: Page, block: Block, what: str, match: re.Match[str]) -> StoredSecret:
    hashing = _hashing(page, match)
    hashed = _HASH.match(match["word"])
    word = match["type"] or (hashed[1] if hashed else "7" if hashing is Hashing.REVERSIBLE else "0")
    return StoredSecret(what, hashing, word, page.where(block))


def _hashing(page: Page, match: re.Match[str]) -> Hashing:
    hashed = _HASH.match(match["word"])
    kind = match["type"] or (hashed[1] if hashed else None)
    if kind is not None:
        return _TYPES.get(kind, Hashing.UNKNOWN)
    if match.groupdict().get("kind") == "secret":
        return Hashing.UNKNOWN
    # In a text that fosa has made comparable the type is gone: what the device was told of all of them holds.
    return Hashing.REVERSIBLE if page.hides else Hashing.CLEAR
