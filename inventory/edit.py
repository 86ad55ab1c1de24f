"""Edits of an inventory's YAML: only the lines they concern, everything else and every comment as it was."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yaml import MappingNode, Node, SafeLoader, ScalarNode, SequenceNode, compose

from inventory.errors import InputError
from inventory.plain import Value
from inventory.words import gettext as _
from inventory.yamlitem import block_lines, flow, item_lines
from inventory.yamlnode import Piece, behind, child, end, entries, line_end, root, scalar, spliced
from inventory.yamltext import parse

__all__ = ["Edit", "amended", "extended", "has_room"]

_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one file of the inventory. `before` is None where the file is new."""

    folder: Path
    name: str
    before: str | None
    after: str

    @property
    def diff(self) -> str:
        """As a unified diff."""
        old = (self.before or "").splitlines(keepends=True)
        lines = difflib.unified_diff(old, self.after.splitlines(keepends=True), self.name, self.name, n=2)
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


# ---- More items ------------------------------------------------------------------------------------------------------


def has_room(text: str, key: str) -> bool:
    """Whether items can be added to a list of a file of an inventory, or the list itself to one that has none."""
    top = root(text)
    if top is None:
        return not isinstance(compose(text, Loader=SafeLoader), Node)
    listed = child(top, key)
    if top.flow_style:
        return False
    return listed is None or _empty(listed) or (isinstance(listed, SequenceNode) and not listed.flow_style)


def extended(text: str, key: str, items: Sequence[Mapping[str, Value]]) -> str:
    """The text with items at the end of a list. InputError where that cannot be done without touching more."""
    if not has_room(text, key):
        raise InputError(_unable(key))
    top = root(text)
    listed = None if top is None else child(top, key)
    if listed is None:
        start = f"{text.rstrip()}\n\n" if text.strip() else ""
        after = f"{start}{key}:\n{_items(items, 2)}"
    else:
        indent = 2 if _empty(listed) else listed.start_mark.column
        after = spliced(text, [behind(text, listed, _items(items, indent))])
    old = _mapping(text)
    known = old.get(key) or []
    assert isinstance(known, list)  # noqa: S101  there is room
    return _checked(after, {**old, key: [*known, *(dict(item) for item in items)]}, key)


def _items(items: Sequence[Mapping[str, Value]], indent: int) -> str:
    return "".join(f"{line}\n" for item in items for line in item_lines(item, indent))


# ---- An item that is there -------------------------------------------------------------------------------------------


def amended(text: str, key: str, name: str, fields: Mapping[str, Value]) -> str:
    """The text with fields of the item of that name added or replaced. InputError where more would be touched."""
    entry = next((each for each in entries(text, key) if scalar(each, "name") == name), None)
    if entry is None:
        raise InputError(_("{key} has no {name}").format(key=key, name=name))
    after = spliced(text, _replacements(text, entry, fields))
    old = _mapping(text)
    known = old[key]
    assert isinstance(known, list)  # noqa: S101  the entry is in it
    wanted = [{**each, **fields} if isinstance(each, dict) and each.get("name") == name else each for each in known]
    return _checked(after, {**old, key: wanted}, f"{key}[{name}]")


def _replacements(text: str, entry: MappingNode, fields: Mapping[str, Value]) -> Iterator[Piece]:
    new = {}
    for field, value in fields.items():
        old = child(entry, field)
        if old is None:
            new[field] = value
            continue
        start, stop = old.start_mark.index, end(old)
        if isinstance(old, SequenceNode) and not old.flow_style and isinstance(value, list):
            indent = old.start_mark.column
            rows = [row for each in value for row in item_lines(each, indent)]
            yield start, stop, "\n".join(rows).lstrip()
        else:
            yield start, stop, flow(value) if stop > start else f" {flow(value)}"
    if new and entry.flow_style:
        yield _inside(text, entry, new)
    elif new:
        column = entry.start_mark.column
        rows = [row for field, value in new.items() for row in block_lines(field, value, column)]
        yield behind(text, entry, "".join(f"{row}\n" for row in rows))


def _inside(text: str, entry: MappingNode, fields: Mapping[str, Value]) -> Piece:
    """Behind the last value in braces, on a line of its own where the line would become too long."""
    at = end(entry.value[-1][1])
    column = at - text.rfind("\n", 0, at)
    rest = text[at : line_end(text, at)]
    new = ""
    for field, value in fields.items():
        piece = f"{field}: {flow(value)}"
        if column + len(piece) + len(rest) + 2 > _WIDTH:
            new += f",\n{' ' * (entry.start_mark.column + 1)}{piece}"
            column = entry.start_mark.column + len(piece) + 1
        else:
            new += f", {piece}"
            column += len(piece) + 2
    return at, at, new


# ---- What it says ----------------------------------------------------------------------------------------------------


def _mapping(text: str) -> dict[str, Value]:
    value = parse(text, "").value
    return value if isinstance(value, dict) else {}


def _empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.value


def _checked(after: str, wanted: dict[str, Value], what: str) -> str:
    """Only what says exactly what it should, whatever the file looked like."""
    read = parse(after, "")
    if read.faults or read.value != wanted:
        raise InputError(_unable(what))
    return after


def _unable(what: str) -> str:
    return _("{what} is written in a way fosa does not change by itself").format(what=what)
