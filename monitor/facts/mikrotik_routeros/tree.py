"""A RouterOS text while its facts are read: its items with what holds for them, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.facts.mikrotik_routeros.known import understood, understood_menu, untold
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where
from templates.mikrotik_routeros.items import Item, defaults, gather
from templates.mikrotik_routeros.menus import MENUS
from templates.mikrotik_routeros.text import Entry, Path, Script, script

__all__ = ["Read", "Row", "read_text"]


@dataclass(slots=True)
class Row:
    """An item, with what holds for it by default."""

    item: Item
    held: Mapping[str, str]
    text: Text

    def __getitem__(self, name: str) -> str:
        """A property; empty where nothing holds."""
        return self.held.get(name, "")

    @property
    def where(self) -> Where:
        """The line it begins in."""
        return self.text.where(self.item.line)

    @property
    def on(self) -> bool:
        """Whether it is not disabled."""
        return self.held.get("disabled") != "yes"

    def listed(self, name: str) -> tuple[str, ...]:
        """The parts of a property."""
        return tuple(part for part in self[name].split(",") if part)


@dataclass(frozen=True, slots=True)
class Read:
    """One text, read."""

    text: Text
    script: Script
    by_menu: Mapping[Path, list[Row]]
    rest: Mapping[Path, list[tuple[Entry, Where]]]

    def rows(self, *path: str) -> list[Row]:
        """The items of a menu, in the order they are written."""
        return self.by_menu.get(path, [])

    def others(self, *path: str) -> list[tuple[Entry, Where]]:
        """Lines of a menu that has no items here, or about items that cannot be told apart."""
        return self.rest.get(path, [])

    def setting(self, path: Path, name: str) -> Fact[str]:
        """A property of a menu without items, by default where nothing is said."""
        for row in self.rows(*path):
            return Fact(row.item.said.get(name) or MENUS[path].defaults.get(name, ""), row.where)
        return Fact(MENUS[path].defaults.get(name, ""), self.around(path))

    def on(self, path: Path, name: str = "enabled") -> Fact[bool]:
        """The same, as a switch."""
        fact = self.setting(path, name)
        return Fact(fact.value == "yes", fact.where)

    def around(self, path: Path) -> Where:
        """Where a menu begins that says nothing of what is asked; else the text's first line."""
        return self.text.where(next((number for number, menu in self.script.headers if menu == path), 1))


def read_text(text: Text) -> Read:
    """Read a text, and count what is not understood of it: every line of a command, and of a menu nobody knows."""
    read = script(text.text)
    for number, _ in read.odd:
        _unknown(text, number)
    for entry in read.entries:
        if not understood(entry) or _numbered(entry):
            _unknown(text, entry.line)
    for number, path in read.headers:
        if not understood_menu(path):
            text.odd(text.where(number))
    gathered, others = gather(read)
    by_menu = {path: [_row(text, item) for item in items.values()] for path, items in gathered.items()}
    rest: dict[Path, list[tuple[Entry, Where]]] = {}
    for entry in others:
        if untold(entry) and understood(entry):
            _unknown(text, entry.line)
        rest.setdefault(entry.path, []).append((entry, text.where(entry.line)))
    return Read(text, read, by_menu, rest)


def _row(text: Text, item: Item) -> Row:
    return Row(item, {**defaults(item.path, item.key), **item.said}, text)


def _numbered(entry: Entry) -> bool:
    """A port of the switch chip by its number: which one it is stands in no text."""
    return entry.target.isdigit() and entry.path == ("interface", "ethernet", "switch", "port")


def _unknown(text: Text, number: int) -> None:
    while (where := text.where(number)).text:
        text.odd(where)
        if not where.text.endswith("\\"):
            return
        number += 1
