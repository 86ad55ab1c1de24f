"""Who may log in to RouterOS, by whose word, for how long, and which secrets stand in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Network

from monitor.facts.mikrotik_routeros.tree import Read, Row
from monitor.facts.switch import (
    Aaa,
    AaaServer,
    AccessEntry,
    AccessList,
    Hashing,
    Line,
    PasswordPolicy,
    StoredSecret,
    User,
)
from monitor.facts.where import Fact, Where

__all__ = ["aaa", "access_lists", "lines", "passwords", "seconds", "services_on", "stored", "users"]

_AAA = ("user", "aaa")
_UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_SHOWN = "show-sensitive"
"""A plain export hides these secrets, one with this word does not."""
_CLEAR_SHELLS = {"ssh": "ssh", "telnet": "telnet"}
_FIREWALL = "ip firewall filter input"
_MAC = {("tool", "mac-server"): "mac-telnet", ("tool", "mac-server", "mac-winbox"): "mac-winbox"}
_SERVICES = ("api", "api-ssl", "ftp", "ssh", "telnet", "winbox", "www")


def users(read: Read) -> tuple[User, ...] | None:
    """None where there are none in the text: an export leaves them out unless it is asked for them."""
    rows = read.rows("user")
    if not rows:
        return None
    full = _full(read)
    return tuple(User(row["name"], Hashing.HIDDEN, full.get(row["group"]), row.where) for row in rows if row.on)


def _full(read: Read) -> dict[str, bool]:
    """By group; `policy` lets an account give itself every other right."""
    found = {"full": True, "read": False, "write": False}
    for entry, _ in read.others("user", "group"):
        name = entry.said.get("name") or entry.target
        found[name] = {"write", "policy"} <= set(entry.said.get("policy", "").split(","))
    return found


def stored(read: Read) -> Iterator[StoredSecret]:
    """Shared keys; passwords of accounts and keys of NTP are in no text."""
    for row in read.rows("radius"):
        if row["secret"]:
            yield StoredSecret("radius key", Hashing.REVERSIBLE, _SHOWN, row.where)
    for row in read.rows("snmp", "community"):
        if row["authentication-password"] or row["encryption-password"]:
            yield StoredSecret("snmp user key", Hashing.REVERSIBLE, _SHOWN, row.where)


def aaa(read: Read) -> Aaa:
    """Its own accounts are asked first, RADIUS for names it does not know (manual, "User")."""
    asked = read.on(_AAA, "use-radius")
    rows = [row for row in read.rows("radius") if row.on and "login" in row.listed("service")]
    servers = tuple(AaaServer("radius", row["address"], row.where) for row in rows if asked.value)
    order = ("local", "radius") if asked.value else ("local",)
    return Aaa(servers, Fact(order, asked.where), read.on(_AAA, "accounting"))


def lines(read: Read) -> Iterator[Line]:
    """Console, the services one can log in to, and what answers below IP."""
    idle = _idle(read)
    yield Line("console", Fact(("none",), read.around(("system", "console"))), idle, None, read.text.where(1))
    for name in ("ssh", "telnet", "winbox", "api", "api-ssl"):
        service = services_on(read).get(name)
        if service is not None:
            where = service.where if isinstance(service, Row) else service
            way = Fact((_CLEAR_SHELLS.get(name, name),), where)
            yield Line(name, way, idle, _list_of(read, name, where), where)
    for path, name in _MAC.items():
        allowed = read.setting(path, "allowed-interface-list")
        if allowed.value != "none":
            yield Line(name, Fact((name,), allowed.where), idle, None, allowed.where)
    for name in ("www", "www-ssl"):
        service = services_on(read).get(name)
        if service is not None:
            where = service.where if isinstance(service, Row) else service
            yield Line(f"web {name}", Fact((name,), where), None, _list_of(read, name, where), where)


def services_on(read: Read) -> dict[str, Row | Where]:
    """The services that answer, with their item or, where nothing is said of them, where it would be."""
    said = {row["name"]: row for row in read.rows("ip", "service")}
    # All but HTTPS answer as they come from their maker (manual, "/ip/service").
    around = read.around(("ip", "service"))
    found: dict[str, Row | Where] = {name: said.get(name, around) for name in _SERVICES}
    if "www-ssl" in said:
        found["www-ssl"] = said["www-ssl"]
    return {name: row for name, row in found.items() if not isinstance(row, Row) or row.on}


def access_lists(read: Read) -> Iterator[AccessList]:
    """What each service and each community asks of an address."""
    for name, row in services_on(read).items():
        if isinstance(row, Row) and row["address"]:
            yield AccessList(f"service {name}", tuple(_entries(row, "address")), (name,), row.where)
    for row in read.rows("snmp", "community"):
        if row.on:
            yield AccessList(f"community {row['name']}", tuple(_entries(row, "addresses")), ("snmp",), row.where)
    if not any(row.item.found.endswith("default=yes ]") for row in read.rows("snmp", "community")):
        where = read.around(("snmp", "community"))
        yield AccessList("community public", (AccessEntry(permits=True, sources=(), where=where),), ("snmp",), where)


def _list_of(read: Read, name: str, where: Where) -> Fact[str] | None:
    """A list of addresses, else the firewall, which is not read: who passes it is not known."""
    row = services_on(read)[name]
    if isinstance(row, Row) and row["address"]:
        return Fact(f"service {name}", where)
    for entry, place in read.others("ip", "firewall", "filter"):
        stops = entry.said.get("action") in {"drop", "reject", "tarpit"} and entry.said.get("disabled") != "yes"
        if entry.said.get("chain") == "input" and stops:
            return Fact(_FIREWALL, place)
    return None


def _entries(row: Row, name: str) -> Iterator[AccessEntry]:
    for part in row.listed(name):
        if part in {"::/0", "0.0.0.0/0"}:
            yield AccessEntry(permits=True, sources=(), where=row.where)
        elif ":" not in part:
            network = _network(part)
            # What is no network that can be read may be any: more is let in, never less.
            yield AccessEntry(permits=True, sources=(network,) if network is not None else (), where=row.where)


def _network(part: str) -> IPv4Network | None:
    try:
        return IPv4Network(part, strict=False)
    except ValueError:
        return None


def _idle(read: Read) -> Fact[int] | None:
    """The longest any account may stay idle; 0: for ever, as all do whom RADIUS lets in (manual, "/user")."""
    rows = [row for row in read.rows("user") if row.on]
    asked = read.on(_AAA, "use-radius")
    if asked.value:
        return Fact(0, asked.where)
    if not rows:
        return None
    ends = [(seconds(row["inactivity-timeout"]) if row["inactivity-policy"] != "none" else 0, row) for row in rows]
    endless = next((row for length, row in ends if length == 0), None)
    if endless is not None:
        return Fact(0, endless.where)
    longest = max(ends, key=lambda pair: pair[0] or 0)
    return None if any(length is None for length, _ in ends) else Fact(longest[0] or 0, longest[1].where)


def passwords(read: Read) -> PasswordPolicy:
    """Of accounts that are made from then on."""
    fact = read.setting(("user", "settings"), "minimum-password-length")
    return PasswordPolicy(Fact(int(fact.value[:9]), fact.where) if fact.value.isdecimal() else None)


def seconds(value: str) -> int | None:
    """`5m`, `1h30m`, `00:05:00`, `300`; None: none of them."""
    if re.fullmatch(r"\d{1,9}", value):
        return int(value)
    if re.fullmatch(r"\d{1,4}:\d\d:\d\d", value):
        hours, minutes, rest = map(int, value.split(":"))
        return hours * 3600 + minutes * 60 + rest
    if not re.fullmatch(r"(\d{1,9}[wdhms])+", value):
        return None
    return sum(int(number) * _UNITS[unit] for number, unit in re.findall(r"(\d+)([wdhms])", value))
