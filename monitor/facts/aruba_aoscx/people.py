"""Who may log in to an AOS-CX switch, how, and from where. Defaults: Aruba's guides, each named."""

from __future__ import annotations

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

__all__ = ["READERS", "aaa", "access_lists", "lines", "lockout", "passwords", "stored", "users"]

_IDLE_S = 1800
"""Aruba, Fundamentals Guide, cli-session: 30 minutes unless said otherwise."""
_LENGTH = "minimum-length "
_DOORS = (("vty", "tcp", 22), ("http", "tcp", 443), ("snmp", "udp", 161))


def _user(draft: Draft, block: Block, words: list[str]) -> None:
    if "password" in words:
        draft.keep("user", block)
    else:
        block.read = "authorized-key" in words


def _server(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:2] == ["host"]:
        draft.keep("aaa server", block)
    elif words[1:2] == ["key"]:
        draft.keep("aaa key", block)
    else:
        block.read = len(words) > 1 and words[1] in {
            "timeout",
            "retries",
            "auth-type",
            "tracking",
            "status-server",
            "tls",
        }


def _aaa(draft: Draft, block: Block, words: list[str]) -> None:
    for child in block.children:
        child.read = child.text.startswith(("server ", "radius server-group ", "enable", "disable", "reauth", "cached"))
    kind = " ".join(words[1:3])
    if kind == "authentication login" and len(words) > 3:
        draft.keep(f"login {words[3]}", block)
    elif kind == "group server" and len(words) > 4:
        draft.keep("group", block)
    elif kind == "authentication port-access":
        draft.keep(kind, block)
    elif kind == "authentication limit-login-attempts":
        if block.text.startswith("no ") or _limits(words) is not None:
            draft.keep(kind, block)
    elif words[1:2] == ["accounting"]:
        draft.keep("accounting", block)
    else:
        block.read = len(words) > 1 and words[1] in {"authentication", "authorization", "radius-attribute"}


def _session(draft: Draft, block: Block, _words: list[str]) -> None:
    draft.keep("cli-session", block)
    for child in block.children:
        counted = _behind("timeout ", child) is not None
        child.read = counted or child.text.startswith(("max-per-user ", "tracking-range "))


def _password(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:] == ["complexity"]:
        draft.keep("complexity", block)
        for child in block.children:
            child.read = child.text == "enable" or child.text.split(" ")[0].endswith(("-length", "-count", "-check"))
            if child.text.startswith(_LENGTH):
                child.read = _behind(_LENGTH, child) is not None


def _behind(words: str, block: Block) -> int | None:
    """The number a line ends in that begins so."""
    return number(block.text.removeprefix(words)) if block.text.startswith(words) else None


def _limits(words: list[str]) -> tuple[int, int] | None:
    """`aaa authentication limit-login-attempts TRIES lockout-time SECONDS`."""
    tries, seconds = (number(words[at]) if len(words) > 5 else None for at in (3, 5))
    return None if tries is None or seconds is None else (tries, seconds)


def _list(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:2] in (["ip"], ["ipv6"], ["mac"]):
        draft.keep("list" if words[1] == "ip" else "other list", block)
        for child in block.children:
            child.read = True


def _apply(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:3] == ["access-list", "ip"] and words[4:5] == ["control-plane"]:
        draft.keep("applied", block)
    else:
        block.read = words[1:2] in (["access-list"], ["policy"])


READERS = {
    "user": _user,
    "radius-server": _server,
    "tacacs-server": _server,
    "aaa": _aaa,
    "cli-session": _session,
    "password": _password,
    "access-list": _list,
    "apply": _apply,
}


def users(draft: Draft) -> tuple[User, ...]:
    """How a password is hashed below its encryption the maker does not say."""
    return tuple(_account(draft, block) for block in draft.all("user"))


def _account(draft: Draft, block: Block) -> User:
    words = block.text.split(" ")
    group = words[words.index("group") + 1] if "group" in words[:-1] else None
    full = None if group is None else group == "administrators"
    return User(words[1], Hashing.HIDDEN, full, draft.where(block))


def stored(draft: Draft) -> tuple[StoredSecret, ...]:
    """Shown encrypted; what is typed in clear is never shown so (Aruba, Hardening Guide, password rules)."""
    found = [StoredSecret(f"user {block.text.split(' ')[1]}", Hashing.HIDDEN, "ciphertext", draft.where(block))
             for block in draft.all("user")]  # fmt: skip
    for name in ("aaa server", "aaa key", "ntp authentication-key", "snmpv3 user"):
        for block in draft.all(name):
            what = {"ntp authentication-key": "ntp key", "snmpv3 user": "snmp user"}.get(name)
            what = what or f"{block.text.split('-')[0]} key"
            if name != "aaa server" or " key " in block.text:
                found.append(StoredSecret(what, Hashing.REVERSIBLE, "ciphertext", draft.where(block)))
    return tuple(found)


def aaa(draft: Draft) -> Aaa:
    """Local accounts only, unless said otherwise (Aruba, Security Guide, aaa authentication login)."""
    kinds = {block.text.split(" ")[4]: block.text.split(" ")[3].rstrip("+") for block in draft.all("group")}
    servers = tuple(
        AaaServer(block.text.split("-")[0], block.text.split(" ")[2], draft.where(block))
        for block in draft.all("aaa server")
        if len(block.text.split(" ")) > 2
    )
    login = draft.last("login ssh") or draft.last("login default")
    told = draft.last("accounting")
    accounting = told is not None and "start-stop" in told.text and " group " in told.text
    return Aaa(
        servers,
        draft.silent(("local",)) if login is None else draft.fact(login, tuple(_order(login, kinds))),
        draft.silent(False) if told is None else draft.fact(told, accounting),
    )


def _order(block: Block, kinds: dict[str, str]) -> Iterator[str]:
    words = iter(block.text.split(" ")[4:])
    for word in words:
        if word == "group":
            name = next(words, "")
            yield kinds.get(name, name)
        else:
            yield word


def lines(draft: Draft) -> tuple[Line, ...]:
    """The console, and what comes over the network."""
    block = draft.last("cli-session")
    idle = draft.silent(_IDLE_S)
    for child in block.children if block is not None else ():
        if (minutes := _behind("timeout ", child)) is not None:
            idle = draft.fact(child, minutes * 60)
    names = tuple(name for name in ("ssh", "telnet") if _on(draft.first(name)))
    door = draft.first("ssh") or draft.first("telnet")
    transports = draft.silent(("none",)) if door is None else draft.fact(door, names or ("none",))
    where = idle.where
    return (Line("console", None, idle, None, where), Line("vty", transports, idle, None, where))


def _on(block: Block | None) -> bool:
    return block is not None and not block.text.startswith("no ")


def lockout(draft: Draft) -> Lockout:
    """None unless it is set (Aruba, Security Guide, aaa authentication limit-login-attempts)."""
    block = draft.last("authentication limit-login-attempts")
    limits = None if block is None else _limits(block.text.split(" "))
    if block is None or limits is None:
        return Lockout(draft.silent(0), draft.silent(0))
    return Lockout(draft.fact(block, limits[0]), draft.fact(block, limits[1]))


def passwords(draft: Draft) -> PasswordPolicy:
    """One character will do, unless the rules are on."""
    block = draft.last("complexity")
    children = [] if block is None else block.children
    if any(child.text == "enable" for child in children):
        for child in children:
            if (length := _behind(_LENGTH, child)) is not None:
                return PasswordPolicy(draft.fact(child, length))
    return PasswordPolicy(draft.silent(1))


def access_lists(draft: Draft) -> tuple[AccessList, ...]:
    """Those at the control plane, once a door; one without a door is named and nothing more."""
    applied = {block.text.split(" ")[3]: block for block in draft.all("applied")}
    found = []
    for block in draft.all("list"):
        name = block.text.split(" ")[2] if block.text.count(" ") > 1 else ""
        if name not in applied:
            found.append(AccessList(name, (), (), draft.where(block)))
            continue
        for door, protocol, port in _DOORS:
            entries = tuple(_entries(draft, block, protocol, port))
            found.append(AccessList(name, entries, (door,), draft.where(block)))
    return (*found, *_allowed(draft))


def _entries(draft: Draft, block: Block, protocol: str, port: int) -> Iterator[AccessEntry]:
    """Of the lines that say something of this protocol and port; one that is not understood lets anybody in."""
    for child in sorted(block.children, key=lambda each: _sequence(each.text)):
        words = child.text.split(" ")
        if words[0].isdecimal():
            words = words[1:] or [""]
        permits = words[0] == "permit"
        if words[0] not in {"permit", "deny"} or (len(words) > 1 and words[1] not in {protocol, "any", "ip"}):
            continue
        source = _network(words[2]) if len(words) > 3 else None
        meant = _meant(words[4:], port)
        if meant is False or (not permits and (source is None or meant is None)):
            # A denial that is not understood denies nobody.
            continue
        yield AccessEntry(permits=permits, sources=source or (), where=draft.where(child))


def _meant(rest: list[str], port: int) -> bool | None:
    """Whether a line is about that port; None: perhaps."""
    if not rest or rest[0] in {"count", "log"}:
        return True
    if rest[0] == "eq" and len(rest) > 1:
        return rest[1] == str(port) if rest[1].isdecimal() else None
    if rest[0] == "range" and len(rest) > 2:
        first, last = number(rest[1]), number(rest[2])
        return None if first is None or last is None else first <= port <= last
    return None


def _sequence(text: str) -> int:
    word = text.split(" ", 1)[0]
    return int(word) if word.isdecimal() and len(word) < 12 else 0


def _network(word: str) -> tuple[IPv4Network, ...] | None:
    """Nothing: every address. None: not understood."""
    if word == "any":
        return ()
    try:
        return (IPv4Network(word, strict=False),)
    except ValueError:
        return None


def _allowed(draft: Draft) -> Iterator[AccessList]:
    """`ssh server allow-list`, where it is on."""
    for block in draft.all("allow-list"):
        if not any(child.text == "enable" for child in block.children):
            continue
        entries = []
        for child in block.children:
            if child.text.startswith("ip "):
                network = _network(child.text.split(" ")[1])
                entries.append(AccessEntry(permits=True, sources=network or (), where=draft.where(child)))
        yield AccessList("ssh server allow-list", tuple(entries), ("vty",), draft.where(block))
