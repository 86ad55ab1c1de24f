"""What the emulated RouterOS holds: rows in menus. Whatever is said takes effect at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lab.devices.mikrotik_routeros.grammar import MENUS, PORTS, REFERENCES, Grammar, Kind
from templates.mikrotik_routeros.text import Entry, Path, script

__all__ = ["RefusedError", "Row", "Store", "loaded"]

Row = dict[str, str]
_SERVICES = {"api": "8728", "api-ssl": "8729", "ftp": "21", "ssh": "22", "telnet": "23", "winbox": "8291", "www": "80"}
_OWN = "*own"
"""Marks a row RouterOS itself has made: `export` names it otherwise than one that was added."""


class RefusedError(Exception):
    """A line is not done; what the device says."""


@dataclass(slots=True)
class Store:
    """All menus, and lines of menus nobody has emulated."""

    rows: dict[Path, list[Row]] = field(default_factory=dict)
    foreign: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path, grammar in MENUS.items():
            self.rows[path] = [{}] if grammar.kind is Kind.SETTINGS else []
        self.rows["interface", "ethernet"] = [{"default-name": name, "name": name} for name in PORTS]
        self.rows["interface", "ethernet", "switch", "port"] = [{"name": name} for name in (*PORTS, "switch1-cpu")]
        services = {**_SERVICES, "www-ssl": "443"}
        self.rows["ip", "service"] = [{"name": name, "port": port} for name, port in services.items()]
        self.rows["ip", "service"][-1]["disabled"] = "yes"
        self.rows["snmp", "community"] = [{"name": "public", _OWN: ""}]
        actions = [{"name": name, "target": name, _OWN: ""} for name in ("memory", "disk", "echo", "remote")]
        self.rows["system", "logging", "action"] = actions
        topics = {"info": "memory", "error": "memory", "warning": "memory", "critical": "echo"}
        self.rows["system", "logging"] = [{"topics": topic, "action": to, _OWN: ""} for topic, to in topics.items()]
        self.rows["interface", "list"] = [{"name": name, _OWN: ""} for name in ("all", "none", "dynamic", "static")]
        self.rows["user", "group"] = [{"name": name, _OWN: ""} for name in ("read", "write", "full")]

    def value(self, path: Path, row: Mapping[str, str], name: str) -> str:
        """Of a property, said or by default."""
        known = MENUS[path].properties.get(name)
        return row.get(name, known.default if known is not None else "")

    def setting(self, path: Path, name: str) -> str:
        """Of a menu without items."""
        return self.value(path, self.rows[path][0], name)

    def find(self, path: Path, conditions: Mapping[str, str]) -> list[Row]:
        """The rows for which all conditions hold."""
        if conditions.get("default") == "yes":
            return [row for row in self.rows[path] if _OWN in row]
        return [
            row
            for row in self.rows[path]
            if all(_same(self.value(path, row, name), value) for name, value in conditions.items())
        ]

    def do(self, entry: Entry) -> None:
        """Do a line. RefusedError, and nothing is done."""
        grammar = MENUS.get(entry.path)
        if grammar is None:
            raise RefusedError(
                f"bad command name {entry.path[-1]} (line 1 column {entry.raw.find(entry.path[-1]) + 1})"
            )
        match entry.verb:
            case "add" if grammar.kind is Kind.ITEMS:
                self._add(entry, grammar)
            case "set" | "unset":
                self._checked(entry, grammar, entry.said)
                for row in self._meant(entry, grammar):
                    self._set(entry, grammar, row)
            case "enable" | "disable":
                for row in self._meant(entry, grammar):
                    row["disabled"] = "yes" if entry.verb == "disable" else "no"
            case "remove" if grammar.kind is Kind.ITEMS:
                self._remove(entry, grammar)
            case _:
                raise RefusedError(f"bad command name {entry.verb} (line 1 column {entry.raw.find(entry.verb) + 1})")

    def judge(self, entry: Entry) -> None:
        """Whether a line could be a command, without doing it. RefusedError."""
        grammar = MENUS.get(entry.path)
        if grammar is None or entry.verb not in {"add", "set", "remove", "enable", "disable", "unset"}:
            raise RefusedError(f"bad command name {entry.path[-1]} (line 1 column 1)")
        for name in entry.said:
            if name not in grammar.properties:
                raise RefusedError(f"expected end of command (line 1 column {entry.raw.find(name) + 1})")

    # ---- How ---------------------------------------------------------------------------------------------------------

    def _meant(self, entry: Entry, grammar: Grammar) -> list[Row]:
        rows = self.rows[entry.path]
        if grammar.kind is Kind.SETTINGS:
            return rows
        if entry.find is not None:
            return self.find(entry.path, entry.find)
        if entry.target.isdigit() and int(entry.target) < len(rows):
            return [rows[int(entry.target)]]
        found = [row for each in entry.target.split(",") for row in rows if row.get("name") == each and each]
        if not found:
            raise RefusedError("no such item")
        return found

    def _add(self, entry: Entry, grammar: Grammar) -> None:
        self._checked(entry, grammar, entry.said)
        missing = [name for name, known in grammar.properties.items() if known.needed and not entry.said.get(name)]
        if missing and not (missing == ["password"] and "password" in entry.said):
            raise RefusedError(f"missing value(s) of argument(s) {' '.join(missing)}")
        self._alone(entry.path, grammar, entry.said, None)
        self.rows[entry.path].append(dict(entry.said))

    def _set(self, entry: Entry, grammar: Grammar, row: Row) -> None:
        changed = {**row, **entry.said}
        self._alone(entry.path, grammar, changed, row)
        old, new = row.get("name", ""), changed.get("name", "")
        row.update(entry.said)
        if old != new and entry.path[0] == "interface" and entry.path != ("interface", "list"):
            self._renamed(old, new)

    def _remove(self, entry: Entry, grammar: Grammar) -> None:
        for row in self._meant(entry, grammar):
            if _OWN in row:
                raise RefusedError("failure: can not remove default entry")
            self.rows[entry.path] = [other for other in self.rows[entry.path] if other is not row]

    def _checked(self, entry: Entry, grammar: Grammar, said: Mapping[str, str]) -> None:
        self.judge(entry)
        interfaces = frozenset(self._interfaces())
        for name, value in said.items():
            if value and (why := grammar.properties[name].refusal(name, value, interfaces)):
                raise RefusedError(why)
        if entry.path == ("user",) and "password" in said:
            least = int(self.setting(("user", "settings"), "minimum-password-length"))
            if len(said["password"]) < least:
                raise RefusedError(f"failure: password is too short - must be at least {least} characters")
        groups = {row["name"] for row in self.rows["user", "group"]}
        if entry.path == ("user",) and said.get("group", "full") not in groups:
            raise RefusedError("input does not match any value of group")

    def _alone(self, path: Path, grammar: Grammar, said: Mapping[str, str], mine: Row | None) -> None:
        for row in self.rows[path]:
            if row is mine:
                continue
            if grammar.key and all(self.value(path, row, name) == self.value(path, said, name) for name in grammar.key):
                raise RefusedError("failure: already have such item")
            if path == ("interface", "bridge", "vlan") and row["bridge"] == said["bridge"] and _overlap(row, said):
                raise RefusedError("failure: vlan already added")
            if said.get("name") and row.get("name") == said["name"] and path[-1] != "port":
                raise RefusedError("failure: already have item with such name")

    def _interfaces(self) -> Iterator[str]:
        for path in (("interface", "ethernet"), ("interface", "bridge"), ("interface", "vlan")):
            yield from (row["name"] for row in self.rows[path])

    def _renamed(self, old: str, new: str) -> None:
        for rows in self.rows.values():
            for row in rows:
                for name in REFERENCES & set(row):
                    row[name] = ",".join(new if part == old else part for part in row[name].split(","))
        for row in self.rows["interface", "ethernet", "switch", "port"]:
            if row["name"] == old:
                row["name"] = new


def loaded(text: str) -> Store:
    """A whole text as it comes from a disk or a maker: lines that cannot be done are kept as they are."""
    store = Store()
    for entry in _ordered(script(text).entries):
        # An export has no passwords: such an account has none, until somebody gives it one.
        blank = entry.path == ("user",) and entry.verb == "add" and "password" not in entry.said
        try:
            store.do(entry._replace(said={**entry.said, "password": ""}) if blank else entry)
        except RefusedError:
            store.foreign.append(entry)
    return store


def _ordered(entries: Iterable[Entry]) -> list[Entry]:
    """As RouterOS itself would have made them: what is named before what names it, names before everything."""
    order = {path: number for number, path in enumerate(MENUS)}
    return sorted(entries, key=lambda entry: (order.get(entry.path, len(order)), "name" not in entry.said))


def _overlap(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    spans = [[part.partition("-") for part in row["vlan-ids"].split(",")] for row in (one, other)]
    numbers = [{each for a, _, b in span for each in range(int(a), int(b or a) + 1)} for span in spans]
    return bool(numbers[0] & numbers[1])


def _same(value: str, wanted: str) -> bool:
    return sorted(value.split(",")) == sorted(wanted.split(","))
