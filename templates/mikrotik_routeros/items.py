"""A RouterOS text as the items of its menus: what is said of each, in one form however it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from templates.mikrotik_routeros.menus import MENUS, REFERENCES, Menu
from templates.mikrotik_routeros.text import Entry, Path, Script, pairs, quoted, script

__all__ = [
    "DEFAULT",
    "GUARD",
    "Configuration",
    "Item",
    "Key",
    "arranged",
    "configuration",
    "defaults",
    "gather",
    "spelled",
]

Key = tuple[str, ...]
"""What tells an item from the others of its menu; empty for settings."""
DEFAULT = "*default"
"""The key of the item that RouterOS itself has made (`[ find default=yes ]`)."""
GUARD = "fosa-guard"
"""The entry of the scheduler that takes an unconfirmed change back: it is no part of a configuration."""
_RULE_KEYS: Mapping[Path, Mapping[str, str]] = {
    ("ip", "route"): {"dst-address": "0.0.0.0/0"},
    ("system", "logging"): {"action": "memory", "prefix": "", "topics": "info"},
}
"""What a key says where nothing is written."""
_SCHEDULER: Path = ("system", "scheduler")
_ETHERNET: Path = ("interface", "ethernet")
_COMMUNITY: Path = ("snmp", "community")
_PUBLIC = {"name": "public"}
"""How the community is called that RouterOS itself has made, until it is renamed."""
_NUMBER = re.compile(r"[0-9]|\*[0-9A-F]+\Z")
"""An item by its place in a list, or by its internal number (manual, "Scripting"): neither stands in a text."""
_BY_NAME = {("name",), ("default-name",)}
_OWN = {"default": "yes"}
_DEFAULT: Key = (DEFAULT,)
_SWITCHES: Mapping[str, Mapping[str, str]] = {"enable": {"disabled": "no"}, "disable": {"disabled": "yes"}}
_WRITES = frozenset({"add", "set", "unset"})
_NOTHING: Mapping[str, str] = {}
_HOST = "/32"
_TRUTH = {"true": "yes", "false": "no"}
_SINGLES = frozenset({"key-val", "password", "authentication-password", "encryption-password", "secret", "comment"})


class Item(NamedTuple):
    """An item, or the settings of a menu."""

    path: Path
    key: Key
    said: Mapping[str, str]
    """What is not by default; without the key. As it is gathered: everything."""
    line: int
    """Where it begins, from 1."""

    @property
    def found(self) -> str:
        """How a command names it."""
        menu = MENUS[self.path]
        if not menu.key:
            return ""
        if self.key == _DEFAULT:
            return "[ find default=yes ]"
        if menu.key == ("name",) and menu.fixed:
            return quoted(self.key[0])
        return f"[ find {pairs(dict(zip(menu.key, self.key, strict=True)))} ]"

    @property
    def named(self) -> Mapping[str, str]:
        """Its key, as properties that are written when it is added."""
        if self.key == _DEFAULT:
            return {}
        names = MENUS[self.path].key
        if len(names) == 1:
            return {names[0]: self.key[0]} if self.key[0] else {}
        return {name: value for name, value in zip(names, self.key, strict=True) if value}


@dataclass(slots=True)
class Configuration:
    """A text, read."""

    items: dict[tuple[Path, Key], Item] = field(default_factory=dict)
    others: list[Entry] = field(default_factory=list)
    """Commands of menus that fosa does not speak of, or about items it cannot tell apart."""
    odd: list[tuple[int, str]] = field(default_factory=list)

    def of(self, path: Path) -> list[Item]:
        """The items of one menu."""
        return [item for (menu, _), item in self.items.items() if menu == path]

    def renamed(self, names: Mapping[str, str]) -> Configuration:
        """The same after interfaces have got other names: whatever names them follows."""
        moved = [_renamed(item, names) for item in self.items.values()]
        return Configuration({(item.path, item.key): item for item in moved}, self.others, self.odd)


def configuration(text: str) -> Configuration:
    """Read a text; a later command about an item adds to an earlier one."""
    return arranged(script(text))


def arranged(read: Script) -> Configuration:
    """The same of a text that has been read."""
    gathered, others = gather(read)
    found = Configuration(others=others, odd=read.odd)
    every = (item for items in gathered.values() for item in items.values())
    for item in sorted(every, key=lambda each: each.line):
        menu, held = MENUS[item.path], defaults(item.path, item.key)
        dropped = menu.derived if item.key == _DEFAULT else (*menu.key, *menu.derived)
        kept = {name: value for name, value in item.said.items() if held.get(name) != value and name not in dropped}
        if kept or not (menu.fixed or not menu.key or item.key == _DEFAULT):
            found.items[item.path, item.key] = item._replace(said=kept)
    return found


def gather(read: Script) -> tuple[dict[Path, dict[Key, Item]], list[Entry]]:
    """By menu the items that are spoken of, with all that is said of each and their keys; and what is none.

    A text has the lines of a menu together: what is known of the menu is looked up once for them all.
    """
    found: dict[Path, dict[Key, Item]] = {}
    others: list[Entry] = []
    path: Path = ()
    menu: Menu | None = None
    items: dict[Key, Item] = {}
    for entry in read.entries:
        if entry.path is not path:
            path = entry.path
            menu = MENUS.get(path)
            items = {} if menu is None else found.setdefault(path, {})
        if menu is not None and (_taken if "," not in entry.target else _done)(items, entry, menu):
            continue
        if path != _SCHEDULER or not entry.said.get("name", "").startswith(GUARD):
            others.append(entry)
    return found, others


def defaults(path: Path, key: Key) -> Mapping[str, str]:
    """What holds for an item where nothing is said."""
    menu = MENUS[path]
    if key == _DEFAULT:
        return {**menu.defaults, "name": "public"}
    if path == _ETHERNET:
        return {**menu.defaults, "name": key[0]}
    return {**menu.defaults, "disabled": "yes"} if key and key[0] in menu.off else menu.defaults


def spelled(menu: Menu, name: str, value: str) -> str:
    """A value in the one form it is compared in."""
    if name in _SINGLES:
        return value
    if name in menu.lists and "," not in value:
        return value.removesuffix(_HOST)
    if name in menu.lists:
        parts = (
            {part.removesuffix(_HOST) for part in value.split(",") if part} if _HOST in value else {*value.split(",")}
        )
        return ",".join(sorted(parts - {""}, key=_order if any(map(str.isdigit, parts)) else None))
    return _TRUTH.get(value, value)


def _order(part: str) -> tuple[int, str]:
    digits = part.rstrip("0123456789")
    number = part[len(digits) :]
    return (int(number[:9]) if number and not digits else 0, part)


def _done(items: dict[Key, Item], entry: Entry, menu: Menu) -> bool:
    """Whether a command about several items (`set telnet,ftp disabled=yes`) could be done to all of them."""
    if menu.key not in _BY_NAME:
        return False
    done = [_taken(items, entry._replace(target=name), menu) for name in entry.target.split(",")]
    return all(done)


def _key(entry: Entry, menu: Menu) -> Key | None:
    """Of an item that is there already; None: which one is meant cannot be told."""
    if not menu.key:
        return () if entry.find is None and not entry.target else None
    if entry.find == _OWN:
        return _DEFAULT
    given: Mapping[str, str] = entry.find or _NOTHING
    if entry.target and menu.key in _BY_NAME and not _NUMBER.match(entry.target):
        given = {menu.key[0]: entry.target}
    if entry.path == _COMMUNITY and given == _PUBLIC:
        return _DEFAULT
    return _told(entry, menu, given)


def _told(entry: Entry, menu: Menu, given: Mapping[str, str]) -> Key | None:
    if entry.path == _ETHERNET and "name" in given and "default-name" not in given:
        given = {"default-name": given["name"]}
    if len(menu.key) == 1:
        value = given.get(menu.key[0])
        return None if value is None else (spelled(menu, menu.key[0], value),)
    values = [(name, given[name]) for name in menu.key if name in given]
    return tuple(spelled(menu, *each) for each in values) if len(values) == len(menu.key) else None


def _taken(items: dict[Key, Item], entry: Entry, menu: Menu) -> bool:
    """Whether a command could be done to the items of its menu."""
    verb, said = entry.verb, _respelled(menu, entry.said)
    if verb == "add":
        if entry.path in _RULE_KEYS:
            said = {**_RULE_KEYS[entry.path], **said}
        key = _told(entry, menu, said) if menu.key and not entry.target else None
    else:
        key = _key(entry, menu)
    if key is None:
        return False
    if verb not in _WRITES:
        if verb == "remove":
            return items.pop(key, None) is not None
        if verb not in _SWITCHES:
            return False
        said = _SWITCHES[verb]
    if verb != "add" and menu.key and key is not _DEFAULT:
        said = {**said, menu.key[0]: key[0]} if len(key) == 1 else {**said, **dict(zip(menu.key, key, strict=True))}
    before = items.get(key)
    if before is None:
        items[key] = Item(entry.path, key, said, entry.line)
    else:
        items[key] = before._replace(said={**before.said, **said})
    return True


def _respelled(menu: Menu, said: Mapping[str, str]) -> Mapping[str, str]:
    if _TRUTH.keys().isdisjoint(said.values()) and menu.lists.isdisjoint(said):
        return said
    return {name: spelled(menu, name, value) for name, value in said.items()}


def _renamed(item: Item, names: Mapping[str, str]) -> Item:
    menu = MENUS[item.path]
    switch_port = item.path == ("interface", "ethernet", "switch", "port")
    bridge = item.path == ("interface", "bridge")
    key = tuple(
        _other(value, names) if name in REFERENCES or switch_port or bridge else value
        for name, value in zip(menu.key, item.key, strict=True)
    ) if item.key != _DEFAULT else item.key  # fmt: skip
    said = {
        name: spelled(menu, name, _other(value, names)) if name in REFERENCES else value
        for name, value in item.said.items()
    }
    return item._replace(key=key, said=said)


def _other(value: str, names: Mapping[str, str]) -> str:
    return ",".join(names.get(part, part) for part in value.split(","))
