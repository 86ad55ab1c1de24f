"""Who may log in to an ArubaOS-Switch, how, and from where. Defaults: HPE's guides of 16.02 to 16.09."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network

from monitor.facts.draft import Draft
from monitor.facts.indent import Block
from monitor.facts.numbers import number
from monitor.facts.switch import (
    Aaa,
    AaaServer,
    AccessEntry,
    AccessList,
    Hashing,
    Line,
    Lockout,
    PasswordPolicy,
    StoredSecret,
    User,
)
from monitor.facts.where import Fact
from templates.hp_procurve.text import unquoted

__all__ = ["READERS", "aaa", "access_lists", "lines", "lockout", "passwords", "stored", "users"]

_ACCOUNT = re.compile(
    r"password (manager|operator)(?: user-name (\"[^\"]*\"|\S+))?(?: (plaintext|sha1|sha256|bcrypt) .*)?"
)
_HASHES = {"plaintext": Hashing.CLEAR, "sha1": Hashing.WEAK, "sha256": Hashing.WEAK, "bcrypt": Hashing.STRONG}
_LOGIN = re.compile(r"aaa authentication (console|ssh|telnet|web) (login|enable)((?: \S+)+)")
_DOORS = {"ssh": ("vty",), "telnet": ("vty",), "snmp": ("snmp",), "web": ("http",)}
_ALL = ("vty", "http", "snmp")


def _password(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:2] in (["manager"], ["operator"]):
        draft.keep("password", block)
    elif words[1:2] == ["minimum-length"]:
        _keep_number(draft, block, words, "minimum-length")
    else:
        block.read = len(words) > 1 and words[1] in {
            "non-plaintext-sha256", "configuration-control", "configuration", "complexity", "composition",
            "port-access",
        }  # fmt: skip


def _keep_number(draft: Draft, block: Block, words: list[str], name: str) -> None:
    """A line that ends in a number, or takes one back; any other is not understood."""
    if block.text.startswith("no ") or number(words[-1]) is not None:
        draft.keep(name, block)


def _credentials(draft: Draft, block: Block, words: list[str]) -> None:
    draft.keep("no included" if block.text.startswith("no ") else words[0], block)


def _console(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:2] in (["idle-timeout"], ["inactivity-timer"]):
        _keep_number(draft, block, words, "serial-usb" if "serial-usb" in words else words[1])
    else:
        block.read = True


def _server(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:2] == ["host"] and len(words) > 2:
        draft.keep("aaa server", block)
    elif "key" in words or "encrypted-key" in words:
        draft.keep("aaa key", block)
    else:
        block.read = True


def _aaa(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:2] == ["authentication"] and (match := _LOGIN.fullmatch(block.text)) is not None:
        draft.keep(f"{match[1]} {match[2]}", block)
    elif words[1:3] in (["authentication", "num-attempts"], ["authentication", "lockout-delay"]):
        _keep_number(draft, block, words, words[2])
    elif words[1:2] == ["accounting"]:
        draft.keep("accounting", block)
    elif words[1:3] == ["port-access", "authenticator"] and len(words) > 3:
        draft.keep("authenticator", block)
    else:
        block.read = len(words) > 1 and words[1] in {"authentication", "authorization", "port-access", "server-group"}


READERS = {
    "password": _password,
    "include-credentials": _credentials,
    "encrypt-credentials": _credentials,
    "console": _console,
    "radius-server": _server,
    "tacacs-server": _server,
    "aaa": _aaa,
}


def users(draft: Draft) -> tuple[User, ...] | None:
    """None where the device does not show them: without `include-credentials`."""
    if draft.first("include-credentials") is None:
        return None
    found = []
    for block in draft.all("password"):
        match = _ACCOUNT.fullmatch(block.text)
        if match is not None and match[3] is not None:
            name = unquoted(match[2] or match[1]).strip('"')
            found.append(User(name, _HASHES[match[3]], match[1] == "manager", draft.where(block)))
    return tuple(found)


def stored(draft: Draft) -> tuple[StoredSecret, ...] | None:
    """As `users`. Keys of SNMP are hashed with the device's own number, others encrypted where it was told so."""
    people = users(draft)
    if people is None:
        return None
    found = [StoredSecret(f"user {user.name}", user.hashing, _word(user.where.text), user.where) for user in people]
    for name in ("aaa server", "aaa key", "time key"):
        for block in draft.all(name):
            what = "ntp key" if name == "time key" else f"{block.text.split('-')[0]} key"
            dark = "encrypted-key" in block.text
            # In an intended text it stands before it is typed; the device encrypts it where it is told to.
            told = dark or draft.first("encrypt-credentials") is not None
            if dark or " key " in block.text or "key-value" in block.text:
                hashing = Hashing.REVERSIBLE if told else Hashing.CLEAR
                found.append(StoredSecret(what, hashing, "encrypted-key" if told else "key", draft.where(block)))
    found += [
        StoredSecret("snmp user", Hashing.REVERSIBLE, "hash", draft.where(each)) for each in draft.all("snmpv3 user")
    ]
    return tuple(found)


def _word(text: str) -> str:
    match = _ACCOUNT.fullmatch(text)
    return "" if match is None else match[3] or ""


def aaa(draft: Draft) -> Aaa:
    """Local accounts only, unless said otherwise (HPE, Access Security Guide, aaa authentication)."""
    servers = tuple(
        AaaServer(block.text.split("-")[0], block.text.split(" ")[2], draft.where(block))
        for block in draft.all("aaa server")
    )
    login = draft.last("ssh login")
    match = None if login is None else _LOGIN.fullmatch(login.text)
    told = [block for block in draft.all("accounting") if not block.text.startswith("no ")]
    typed = next((block for block in told if " commands " in block.text), None)
    return Aaa(
        servers,
        draft.silent(("local",))
        if login is None or match is None
        else draft.fact(login, tuple(word for word in match[3].split() if word != "none")),
        draft.silent(False) if typed is None else draft.fact(typed, True),
    )


def lines(draft: Draft) -> tuple[Line, ...]:
    """The console, its USB twin, and what comes over the network; `console idle-timeout` holds for all but the twin."""
    idle = _seconds(draft, "idle-timeout", 1) if draft.last("idle-timeout") else _seconds(draft, "inactivity-timer", 60)
    usb = _seconds(draft, "serial-usb", 1) if draft.last("serial-usb") else idle
    names = tuple(
        name for name, flag in (("ssh", "ip ssh"), ("telnet", "telnet-server")) if draft.flag(flag, default=True).value
    )
    where = draft.flag("telnet-server", default=True).where
    return (
        Line("console", None, idle, None, idle.where),
        Line("console usb", None, usb, None, usb.where),
        Line("vty", Fact(names or ("none",), where), idle, None, where),
    )


def _seconds(draft: Draft, name: str, unit: int) -> Fact[int]:
    """Without it a session never ends."""
    block = draft.last(name)
    said = None if block is None or block.text.startswith("no ") else number(block.text.split(" ")[-1])
    return draft.silent(0) if block is None or said is None else draft.fact(block, said * unit)


def lockout(draft: Draft) -> Lockout:
    """Three tries and no delay, unless said otherwise (HPE, guide 16.06 5200-5456, Failed authentication lockout)."""
    return Lockout(_number(draft, "num-attempts", 3), _number(draft, "lockout-delay", 0))


def passwords(draft: Draft) -> PasswordPolicy:
    """Any length will do, unless said otherwise."""
    return PasswordPolicy(_number(draft, "minimum-length", 0))


def _number(draft: Draft, name: str, default: int) -> Fact[int]:
    block = draft.last(name)
    said = None if block is None or block.text.startswith("no ") else number(block.text.split(" ")[-1])
    return draft.silent(default) if block is None or said is None else draft.fact(block, said)


def access_lists(draft: Draft) -> tuple[AccessList, ...]:
    """`ip authorized-managers`, once a door: once one is named there, nobody else is let in."""
    return tuple(
        AccessList("authorized-managers", entries, (door,), entries[0].where)
        for door in _ALL
        if (entries := tuple(_entries(draft, door)))
    )


def _entries(draft: Draft, door: str) -> Iterator[AccessEntry]:
    for block in draft.all("authorized"):
        words = block.text.split(" ")
        method = words[words.index("access-method") + 1] if "access-method" in words[:-1] else "all"
        if door not in _DOORS.get(method, _ALL):
            continue
        try:
            sources: tuple[IPv4Network, ...] = (IPv4Network(f"{words[2]}/{words[3]}", strict=False),)
        except ValueError:
            # A mask with holes: it may let in whom it likes.
            sources = ()
        yield AccessEntry(permits=True, sources=sources, where=draft.where(block))
