"""A RouterOS text as the items of its menus: what is said of each, in one form however it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from templates.mikrotik_routeros.menus import MENUS, REFERENCES, Menu
from templates.mikrotik_routeros.text import Entry, Path, Script, pairs, quoted, script

__all__ = ["DEFAULT", "GUARD", "Configuration", "Item", "Key", "arranged", "configuration", "defaults", "spelled"]

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
_HOST = "/32"
_TRUTH = {"true": "yes", "false": "no"}
_SINGLES = frozenset({"key-val", "password", "authentication-password", "encryption-password", "secret", "comment"})


@dataclass(frozen=True, slots=True)
class Item:
    """An item, or the settings of a menu."""

    path: Path
    key: Key
    said: Mapping[str, str]
    """What is not by default; without the key."""
    line: int
    """Where it begins, from 1."""

    @property
    def found(self) -> str:
        """How a command names it."""
        menu = MENUS[self.path]
        if not menu.key:
            return ""
        if self.key == (DEFAULT,):
            return "[ find default=yes ]"
        if menu.key == ("name",) and menu.fixed:
            return quoted(self.key[0])
        return f"[ find {pairs(dict(zip(menu.key, self.key, strict=True)))} ]"

    @property
    def named(self) -> Mapping[str, str]:
        """Its key, as properties that are written when it is added."""
        if self.key == (DEFAULT,):
            return {}
        return {name: value for name, value in zip(MENUS[self.path].key, self.key, strict=True) if value}


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
    found = Configuration()
    found.odd = read.odd
    for entry in read.entries:
        if entry.path == ("system", "scheduler") and entry.said.get("name", "").startswith(GUARD):
            continue
        key = _key(entry)
        if key is None or not _taken(found, entry, key):
            found.others.append(entry)
    return found


def defaults(path: Path, key: Key) -> Mapping[str, str]:
    """What holds for an item where nothing is said."""
    menu = MENUS[path]
    if key == (DEFAULT,):
        return {**menu.defaults, "name": "public"}
    if path == ("interface", "ethernet"):
        return {**menu.defaults, "name": key[0]}
    return {**menu.defaults, "disabled": "yes"} if key and key[0] in menu.off else menu.defaults


def spelled(menu: Menu, name: str, value: str) -> str:
    """A value in the one form it is compared in."""
    if name in _SINGLES:
        return value
    if name in menu.lists and "," not in value:
        return value.removesuffix(_HOST)
    if name in menu.lists:
        parts = sorted({part.removesuffix(_HOST) for part in value.split(",") if part}, key=_order)
        return ",".join(parts)
    return _TRUTH.get(value, value)


def _order(part: str) -> tuple[int, str]:
    digits = part.rstrip("0123456789")
    number = part[len(digits) :]
    return (int(number[:9]) if number and not digits else 0, part)


def _key(entry: Entry) -> Key | None:
    """None: which item is meant cannot be told."""
    menu = MENUS.get(entry.path)
    if menu is None:
        return None
    if not menu.key:
        return () if entry.find is None and not entry.target else None
    if entry.find == {"default": "yes"}:
        return (DEFAULT,)
    given: Mapping[str, str] = entry.find or {}
    if entry.verb == "add":
        given = {**_RULE_KEYS.get(entry.path, {}), **entry.said}
    if entry.target and menu.key in {("name",), ("default-name",)} and not entry.target[0].isdigit():
        given = {menu.key[0]: entry.target}
    if entry.path == ("interface", "ethernet") and "name" in given and "default-name" not in given:
        given = {"default-name": given["name"]}
    if any(name not in given for name in menu.key):
        return None
    return tuple(spelled(menu, name, given[name]) for name in menu.key)


def _taken(found: Configuration, entry: Entry, key: Key) -> bool:
    place = (entry.path, key)
    menu = MENUS[entry.path]
    match entry.verb:
        case "remove":
            return found.items.pop(place, None) is not None
        case "enable" | "disable":
            said = {"disabled": "no" if entry.verb == "enable" else "yes"}
        case "add" | "set" | "unset":
            said = {name: spelled(menu, name, value) for name, value in entry.said.items()}
        case _:
            return False
    before = found.items.get(place)
    whole = said if before is None else {**before.said, **said}
    held = defaults(entry.path, key)
    own = () if key == (DEFAULT,) else menu.key
    kept = {
        name: value
        for name, value in whole.items()
        if held.get(name) != value and name not in own and name not in menu.derived
    }
    if kept or not (menu.fixed or not menu.key or key == (DEFAULT,)):
        found.items[place] = Item(entry.path, key, kept, before.line if before is not None else entry.line)
    else:
        found.items.pop(place, None)
    return True


def _renamed(item: Item, names: Mapping[str, str]) -> Item:
    menu = MENUS[item.path]
    switch_port = item.path == ("interface", "ethernet", "switch", "port")
    bridge = item.path == ("interface", "bridge")
    key = tuple(
        _other(value, names) if name in REFERENCES or switch_port or bridge else value
        for name, value in zip(menu.key, item.key, strict=True)
    ) if item.key != (DEFAULT,) else item.key  # fmt: skip
    said = {
        name: spelled(menu, name, _other(value, names)) if name in REFERENCES else value
        for name, value in item.said.items()
    }
    return replace(item, key=key, said=said)


def _other(value: str, names: Mapping[str, str]) -> str:
    return ",".join(names.get(part, part) for part in value.split(","))
