"""How somebody comes in by a text of IOS: lines, AAA, lock-out, access lists. Defaults: Cisco, security reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from monitor.facts.cisco_ios.page import Page
from monitor.facts.indent import Block
from monitor.facts.switch import Aaa, AaaServer, AccessEntry, AccessList, Line, Lockout, PasswordPolicy
from monitor.facts.where import Fact

__all__ = ["aaa", "access_lists", "lines", "lockout", "passwords"]

_IDLE_S = 600
"""Cisco, `exec-timeout`: ten minutes, where nothing is said."""
_TIMEOUT = re.compile(r"exec-timeout (\d{1,9})(?: (\d{1,9}))?")
_CLASS = re.compile(r"access-class (\S+) in(?: vrf-also)?")
_TRANSPORT = re.compile(r"transport input((?: \w+)+)")
_QUIET = re.compile(
    r"logging synchronous.*|length \d+|width \d+|stopbits \d|speed \d+|login|login local|login authentication \S+|"
    r"history.*|transport (?:output|preferred) .*|no (?:exec|motd-banner|vacant-message)|privilege level \d+|"
    r"location .*|session-timeout \d+|absolute-timeout \d+|rotary \d+|notify|ipv6 access-class \S+ in|authorization .*|"
    r"accounting .*|activation-character .*|escape-character .*"
)


def lines(page: Page) -> tuple[Line, ...]:
    """Console, auxiliary port and virtual terminals."""
    return tuple(_line(page, block) for block in page.beginning("line"))


def _line(page: Page, block: Block) -> Line:
    block.read = True
    transports, idle, listed = None, Fact(_IDLE_S, page.where(block)), None
    for child in block.children:
        where = page.where(child)
        if (match := _TIMEOUT.fullmatch(child.text)) is not None:
            idle = Fact(int(match[1]) * 60 + int(match[2] or 0), where)
        elif child.text == "no exec-timeout":
            idle = Fact(0, where)
        elif (match := _TRANSPORT.fullmatch(child.text)) is not None:
            words = match[1].split()
            transports = Fact(("telnet", "ssh") if "all" in words else tuple(words), where)
        elif child.text == "no transport input":
            transports = Fact(("none",), where)
        elif (match := _CLASS.fullmatch(child.text)) is not None:
            listed = Fact(match[1], where)
        elif _QUIET.fullmatch(child.text) is None:
            continue
        child.read = True
    return Line(block.text.removeprefix("line "), transports, idle, listed, page.where(block))


_SERVER = re.compile(r"address ipv[46] (\S+)(?: (?:auth|acct)-port \d+)*")
_OLD_SERVER = re.compile(r"(radius|tacacs)-server host (\S+).*")
_GROUP = re.compile(r"aaa group server (radius|tacacs\+) (\S+)")
_LOGIN = re.compile(r"aaa authentication login (\S+)((?: \S+)+)")
_METHODS = ("group", "local", "local-case", "none", "enable", "line", "krb5", "cache", "passwd-expiry")
_LIST = re.compile(r"login authentication (\S+)")
_ACCOUNTING = re.compile(r"aaa accounting (?:exec|commands \d+) (\S+)(?: (start-stop|stop-only|none))?.*")


def aaa(page: Page) -> Aaa:
    """Who is asked. Without `aaa new-model` every line asks by itself."""
    servers = tuple(_servers(page))
    if (on := page.said("aaa new-model")) is None:
        return Aaa(servers, _by_line(page), Fact(False, page.anywhere()))
    kinds = {"radius": "radius", "tacacs+": "tacacs"}
    for block, match in page.matching("aaa group server", _GROUP):
        kinds[match[2]] = kinds[match[1]]
        for child in block.children:
            child.read = child.text.startswith(
                ("server ", "ip radius source-interface ", "ip tacacs source-interface ")
            )
    methods: dict[str, Fact[tuple[str, ...]]] = {}
    for block, match in page.matching("aaa authentication login", _LOGIN):
        said = _methods(match[2].split(), kinds)
        block.read = said is not None
        if said is not None:
            methods[match[1]] = Fact(said, page.where(block))
    named = [chosen[1] for block in page.beginning("line vty") for child in block.children
             if (chosen := _LIST.fullmatch(child.text)) is not None]  # fmt: skip
    login = [methods[name] for name in (*named, "default") if name in methods]
    reported = [Fact(match[2] != "none", page.where(block))
                for block, match in page.matching("aaa accounting", _ACCOUNTING)]  # fmt: skip
    return Aaa(servers, login[0] if login else None, next(iter(reported), Fact(False, page.where(on))))


def _methods(words: list[str], kinds: dict[str, str]) -> tuple[str, ...] | None:
    """None: one of them is no method that IOS has. A group nobody defines asks nobody that is known."""
    said: list[str] = []
    waiting = iter(words)
    for word in waiting:
        meant = [word] if word in _METHODS else [each for each in _METHODS if each.startswith(word.lower())]
        if len(meant) != 1:
            return None
        if meant[0] == "group":
            name = next(waiting, "")
            said.append(kinds.get(name, name))
        else:
            said.append("local" if meant[0] == "local-case" else meant[0])
    return tuple(said)


def _by_line(page: Page) -> Fact[tuple[str, ...]] | None:
    for block in page.beginning("line vty"):
        for child in block.children:
            if child.text == "login local":
                return Fact(("local",), page.where(child))
            if child.text in {"login", "no login"}:
                return Fact(("line",) if child.text == "login" else ("none",), page.where(child))
    return None


def _servers(page: Page) -> Iterator[AaaServer]:
    for kind in ("radius", "tacacs"):
        for block in page.beginning(f"{kind} server"):
            block.read = True
            for child in block.children:
                if (match := _SERVER.fullmatch(child.text)) is not None:
                    child.read = True
                    yield AaaServer(kind, match[1], page.where(child))
        for block, match in page.matching(f"{kind}-server host", _OLD_SERVER):
            yield AaaServer(kind, match[2], page.where(block))


_BLOCK = re.compile(r"login block-for (\d{1,9}) attempts (\d{1,9}) within (\d{1,9})")
_MAX_FAIL = re.compile(r"aaa local authentication attempts max-fail (\d{1,9})")
_LOCKS = ("login block-for", "aaa local authentication attempts")
_LENGTH = re.compile(r"security passwords min-length (\d{1,9})")


def lockout(page: Page) -> Lockout | None:
    """`login block-for`: without it nothing ever waits (0 tries). None: one is said and not understood."""
    for block, match in page.matching("login", _BLOCK):
        return Lockout(Fact(int(match[2]), page.where(block)), Fact(int(match[1]), page.where(block)))
    for block, match in page.matching("aaa local", _MAX_FAIL):
        # Until somebody unlocks it; it does not hold for accounts of level 15 (Cisco, login password retry lockout).
        return Lockout(Fact(int(match[1]), page.where(block)), None)
    if any(True for words in _LOCKS for _ in page.beginning(words)):
        return None
    return Lockout(Fact(0, page.anywhere()), None)


def passwords(page: Page) -> PasswordPolicy:
    """`security passwords min-length`."""
    found = [Fact(int(match[1]), page.where(block)) for block, match in page.matching("security passwords", _LENGTH)]
    return PasswordPolicy(found[-1] if found else None)


_NAMED = re.compile(r"ip access-list (standard|extended) (\S+)")
_NUMBERED = re.compile(r"access-list (\d{1,9}) (permit|deny|remark) ?(.*)")
_ENTRY = re.compile(r"(?:\d+ )?(permit|deny|remark) ?(.*)")
_EVERY = IPv4Network("0.0.0.0/0")
_USES = {
    "vty": re.compile(r"access-class (\S+) in.*"),
    "snmp": re.compile(r"snmp-server (?:group .* access|community \S+(?: view \S+)?(?: R[OW])?) (\S+)", re.IGNORECASE),
    "http": re.compile(r"ip http access-class (?:ipv4 )?(\S+)"),
    "ntp": re.compile(r"ntp access-group (?:peer|serve|serve-only|query-only) (\S+).*"),
    "interface": re.compile(r"ip access-group (\S+) (?:in|out)"),
}


def access_lists(page: Page) -> tuple[AccessList, ...]:
    """Named and numbered ones, of IPv4."""
    applied = _applied(page)
    found: dict[str, tuple[Block, list[AccessEntry]]] = {}
    for block, match in page.matching("ip access-list", _NAMED):
        entries = found.setdefault(match[2], (block, []))[1]
        for child in block.children:
            if (said := _ENTRY.fullmatch(child.text)) is not None:
                entries += _entry(page, child, said[1], said[2], extended=match[1] == "extended")
    for block, match in page.matching("access-list", _NUMBERED):
        number = int(match[1])
        extended = 100 <= number < 200 or 2000 <= number < 2700
        if number < 200 or 1300 <= number < 2700:
            found.setdefault(match[1], (block, []))[1].extend(
                _entry(page, block, match[2], match[3], extended=extended)
            )
    return tuple(
        AccessList(name, tuple(entries), applied.get(name, ()), page.where(block))
        for name, (block, entries) in found.items()
    )


def _applied(page: Page) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for first, kind in (("snmp-server", "snmp"), ("ip http", "http"), ("ntp", "ntp")):
        for block in page.beginning(first):
            if (match := _USES[kind].fullmatch(block.text)) is not None:
                block.read = True
                found.setdefault(match[1], {})[kind] = None
    for holder, kind, words in (("line vty", "vty", "access-class "), ("interface", "interface", "ip access-group ")):
        for block in page.beginning(holder):
            for child in block.children:
                # Few lines of a port are meant, and there are many ports.
                if child.text.startswith(words) and (match := _USES[kind].fullmatch(child.text)) is not None:
                    child.read = True
                    name = kind if kind == "vty" else block.text.removeprefix("interface ")
                    found.setdefault(match[1], {})[name] = None
    return {name: tuple(places) for name, places in found.items()}


def _entry(page: Page, block: Block, verb: str, rest: str, *, extended: bool) -> Iterator[AccessEntry]:
    """What is not understood permits everybody, if it permits, and denies nobody: a rule must not be calmed by it."""
    if verb == "remark":
        block.read = True
        return
    words = rest.split()
    if extended:
        words = words[1:]
    sources = _sources(words)
    block.read = sources is not None
    if sources is not None or verb == "permit":
        kept = (sources,) if sources is not None and sources != _EVERY else ()
        if verb == "permit" or not extended or words[1:2] == ["any"]:
            yield AccessEntry(verb == "permit", kept, page.where(block))


def _sources(words: list[str]) -> IPv4Network | None:
    try:
        if words[0] == "any":
            return _EVERY
        if words[0] == "host":
            return IPv4Network(words[1])
        if len(words) > 1 and re.fullmatch(r"[\d.]+", words[1]):
            wild = int(IPv4Address(words[1]))
            # Only a mask without gaps is a network.
            if wild & (wild + 1):
                return None
            return IPv4Network((words[0], 32 - wild.bit_length()), strict=False)
        return IPv4Network(words[0])
    except (IndexError, ValueError):
        return None
