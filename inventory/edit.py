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
    root = _root(text)
    if root is None:
        return not isinstance(compose(text, Loader=SafeLoader), Node)
    listed = _child(root, key)
    if root.flow_style:
        return False
    return listed is None or _empty(listed) or (isinstance(listed, SequenceNode) and not listed.flow_style)


def extended(text: str, key: str, items: Sequence[Mapping[str, Value]]) -> str:
    """The text with items at the end of a list. InputError where that cannot be done without touching more."""
    if not has_room(text, key):
        raise InputError(_unable(key))
    root = _root(text)
    listed = None if root is None else _child(root, key)
    if listed is None:
        start = f"{text.rstrip()}\n\n" if text.strip() else ""
        after = f"{start}{key}:\n{_items(items, 2)}"
    else:
        indent = 2 if _empty(listed) else listed.start_mark.column
        at = _line_end(text, _end(listed))
        before = text[:at] if text[:at].endswith("\n") else f"{text[:at]}\n"
        after = before + _items(items, indent) + text[at:]
    old = _mapping(text)
    known = old.get(key) or []
    assert isinstance(known, list)  # noqa: S101  there is room
    return _checked(after, {**old, key: [*known, *(dict(item) for item in items)]}, key)


def _items(items: Sequence[Mapping[str, Value]], indent: int) -> str:
    return "".join(f"{line}\n" for item in items for line in item_lines(item, indent))


# ---- An item that is there -------------------------------------------------------------------------------------------


def amended(text: str, key: str, name: str, fields: Mapping[str, Value]) -> str:
    """The text with fields of the item of that name added or replaced. InputError where more would be touched."""
    root = _root(text)
    listed = None if root is None else _child(root, key)
    entries = listed.value if isinstance(listed, SequenceNode) else []
    entry = next((each for each in entries if isinstance(each, MappingNode) and _scalar(each, "name") == name), None)
    if entry is None:
        raise InputError(_("{key} has no {name}").format(key=key, name=name))
    after = text
    for start, end, new in sorted(_replacements(text, entry, fields), reverse=True):
        after = after[:start] + new + after[end:]
    old = _mapping(text)
    known = old[key]
    assert isinstance(known, list)  # noqa: S101  the entry is in it
    wanted = [{**each, **fields} if isinstance(each, dict) and each.get("name") == name else each for each in known]
    return _checked(after, {**old, key: wanted}, f"{key}[{name}]")


def _replacements(text: str, entry: MappingNode, fields: Mapping[str, Value]) -> Iterator[tuple[int, int, str]]:
    new = {}
    for field, value in fields.items():
        old = _child(entry, field)
        if old is None:
            new[field] = value
            continue
        start, end = old.start_mark.index, _end(old)
        if isinstance(old, SequenceNode) and not old.flow_style and isinstance(value, list):
            indent = old.start_mark.column
            rows = [row for each in value for row in item_lines(each, indent)]
            yield start, end, "\n".join(rows).lstrip()
        else:
            yield start, end, flow(value) if end > start else f" {flow(value)}"
    if new and entry.flow_style:
        yield _inside(text, entry, new)
    elif new:
        at, column = _line_end(text, _end(entry)), entry.start_mark.column
        rows = [row for field, value in new.items() for row in block_lines(field, value, column)]
        start = "" if text[:at].endswith("\n") else "\n"
        yield at, at, start + "".join(f"{row}\n" for row in rows)


def _inside(text: str, entry: MappingNode, fields: Mapping[str, Value]) -> tuple[int, int, str]:
    """Behind the last value in braces, on a line of its own where the line would become too long."""
    at = _end(entry.value[-1][1])
    column = at - text.rfind("\n", 0, at)
    rest = text[at : _line_end(text, at)]
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


# ---- Nodes -----------------------------------------------------------------------------------------------------------


def _root(text: str) -> MappingNode | None:
    root = compose(text, Loader=SafeLoader)
    return root if isinstance(root, MappingNode) else None


def _mapping(text: str) -> dict[str, Value]:
    value = parse(text, "").value
    return value if isinstance(value, dict) else {}


def _child(node: MappingNode, name: str) -> Node | None:
    return next((value for key, value in node.value if isinstance(key, ScalarNode) and key.value == name), None)


def _scalar(node: MappingNode, name: str) -> str:
    found = _child(node, name)
    return str(found.value) if isinstance(found, ScalarNode) else ""


def _empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.value


def _end(node: Node) -> int:
    """Where the last thing in a node ends; libyaml lets a block end only where the next one begins."""
    last: Node | None = None
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
    elif isinstance(node, MappingNode) and not node.flow_style and node.value:
        last = node.value[-1][1]
    index: int = node.end_mark.index if last is None else _end(last)
    return index


def _line_end(text: str, at: int) -> int:
    """Behind the line break of the line that a place is in."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _checked(after: str, wanted: dict[str, Value], what: str) -> str:
    """Only what says exactly what it should, whatever the file looked like."""
    read = parse(after, "")
    if read.faults or read.value != wanted:
        raise InputError(_unable(what))
    return after


def _unable(what: str) -> str:
    return _("{what} is written in a way fosa does not change by itself").format(what=what)
