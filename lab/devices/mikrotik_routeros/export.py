"""What `/export` of the emulated RouterOS prints: menus, what is not by default, lines broken at 80 columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from lab.devices.mikrotik_routeros.grammar import HIDDEN, MENUS, Kind
from lab.devices.mikrotik_routeros.store import Row, Store
from templates.mikrotik_routeros.text import Entry, Path, pairs, quoted

__all__ = ["exported", "kept"]

_WIDTH = 78
_LINE = "\\\n    "
_LOGS = frozenset({("system", "logging"), ("system", "logging", "action")})
_NUMBERED = _LOGS | {("interface", "ethernet", "switch", "port")}
"""Menus whose own items are named by number (seen in exports of CRS3xx that people have published)."""
_SENSITIVE = frozenset({"authentication-password", "encryption-password", "secret"})


def exported(store: Store, *, sensitive: bool, menu: Path = ()) -> str:
    """What holds and is not by default. Users only where they are asked for (manual: passwords are never exported)."""
    lines = ["# 2027-03-01 08:00:00 by RouterOS 7.21.2", "# software id = EMUL-ATED"]
    hidden = HIDDEN if sensitive else HIDDEN | _SENSITIVE
    for path, below in _menus(store, hidden, _NUMBERED):
        asked = path == menu if menu else path != ("user",)
        if asked:
            lines += [f"/{' '.join(path)}", *map(_broken, below)]
    return "".join(f"{line}\n" for line in lines)


def kept(store: Store) -> str:
    """All of it, as it is on the disk or in a backup."""
    lines = [line for path, below in _menus(store, frozenset(), _LOGS) for line in (f"/{' '.join(path)}", *below)]
    return "".join(f"{line}\n" for line in lines)


def _menus(store: Store, hidden: frozenset[str], numbered: frozenset[Path]) -> Iterator[tuple[Path, list[str]]]:
    for path in (*MENUS, *dict.fromkeys(entry.path for entry in store.foreign if entry.path not in MENUS)):
        below = [_shown(entry) for entry in store.foreign if entry.path == path]
        lines = [*(list(_lines(store, path, hidden, numbered)) if path in MENUS else []), *below]
        if lines:
            yield path, lines


def _lines(store: Store, path: Path, hidden: frozenset[str], numbered: frozenset[Path]) -> Iterator[str]:
    grammar = MENUS[path]
    fresh = _fresh().rows[path]
    for number, row in enumerate(store.rows[path]):
        said = {
            name: value
            for name, value in row.items()
            if name in grammar.properties and name not in hidden and value != grammar.properties[name].default
        }
        own = grammar.kind is not Kind.ITEMS or "*own" in row
        if not own:
            yield f"add {pairs(said)}"
        elif said := _unlike(said, row, fresh[number] if number < len(fresh) else {}, path):
            name = str(number) if path in numbered else _named(path, row)
            yield " ".join(filter(None, ("set", name, pairs(said))))


@cache
def _fresh() -> Store:
    """As it is made, before anybody has said anything."""
    return Store()


def _unlike(said: Mapping[str, str], row: Row, fresh: Row, path: Path) -> dict[str, str]:
    """What of an item that is there by itself is not as it was made."""
    properties = MENUS[path].properties
    names = {*said, *(name for name in fresh if name in row and row[name] != fresh[name])} & set(properties)
    names -= {"default-name"}
    if path == ("interface", "ethernet", "switch", "port"):
        names -= {"name"}
    return {name: row.get(name, "") for name in names if row.get(name) != fresh.get(name, properties[name].default)}


def _named(path: Path, row: Row) -> str:
    if MENUS[path].kind is Kind.SETTINGS:
        return ""
    if path == ("interface", "ethernet"):
        return f"[ find default-name={quoted(row['default-name'])} ]"
    return "[ find default=yes ]" if "*own" in row else quoted(row["name"])


def _shown(entry: Entry) -> str:
    """A line nobody has emulated, without its menu."""
    return entry.raw[entry.raw.find(f"{entry.verb} ") :] if entry.raw.startswith("/") else entry.raw


def _broken(line: str) -> str:
    """Lines end in a backslash: behind a space between words, or in a word, whose own space is then written `\\_`."""
    parts: list[str] = []
    while len(line) > (width := _WIDTH - 4 * bool(parts)):
        at = width
        while _escaping(line, at):
            at -= 1
        head, line = line[:at], line[at:]
        if line.startswith(" "):
            inside = len(re.findall(r'(?<!\\)(?:\\\\)*"', "".join([*parts, head]))) % 2
            head, line = (head, f"\\_{line[1:]}") if inside else (f"{head} ", line[1:])
        parts.append(head)
    return _LINE.join([*parts, line])


def _escaping(line: str, at: int) -> bool:
    """Whether a break there would tear an escape, which has three signs at most."""
    return "\\" in line[at - 2 : at]
