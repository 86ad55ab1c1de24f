"""Plain values as YAML text, in the manner the inventory's own files are written: an entry a line, where it fits."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from inventory.plain import Value

__all__ = ["block_lines", "flow", "item_lines"]

_WIDTH = 120
_PLAIN = re.compile(r"[^\W\d_]([\w ./()+-]*[\w.)+])?|\d{4}-\d\d-\d\d|\d{1,3}(\.\d{1,3}){3}(/\d{1,2})?")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""The last six are words of YAML 1.1, which other programs may read it as."""


def flow(value: Value) -> str:
    """A value on one line. A text stands in quotes unless every reader of YAML takes it for a text without."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            plain = _PLAIN.fullmatch(value) is not None and value.lower() not in _WORDS and "  " not in value
            return value if plain else json.dumps(value, ensure_ascii=False)
        case list():
            return f"[{', '.join(map(flow, value))}]"
        case _:
            return f"{{{', '.join(_pairs(value))}}}"


def item_lines(value: Value | Mapping[str, Value], indent: int) -> list[str]:
    """An entry of a list, at that column: in braces, wrapped where it is long; a mapping of lists line by line."""
    start = " " * indent + "- "
    if not isinstance(value, Mapping) or not value:
        return [start + flow(value if not isinstance(value, Mapping) else {})]
    if any(_nested(each) for each in value.values()):
        lines = [line for key, each in value.items() for line in block_lines(key, each, indent + 2)]
        return [start + lines[0].lstrip(), *lines[1:]]
    return _wrapped(start + "{", " " * (indent + 3), list(_pairs(value)))


def block_lines(key: str, value: Value, indent: int) -> list[str]:
    """A key of a block, at that column, with its value."""
    head = f"{' ' * indent}{key}:"
    if isinstance(value, list) and _nested(value):
        return [head, *(line for each in value for line in item_lines(each, indent + 2))]
    return [f"{head} {flow(value)}"]


def _nested(value: Value) -> bool:
    return isinstance(value, list) and any(isinstance(each, dict) for each in value)


def _pairs(value: Mapping[str, Value]) -> Iterator[str]:
    return (f"{key}: {flow(each)}" for key, each in value.items())


def _wrapped(start: str, more: str, pieces: list[str]) -> list[str]:
    lines = [start]
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        text = piece + ("}" if last else ",")
        if len(lines[-1]) + len(text) + 1 > _WIDTH and lines[-1].strip() not in {"", "- {"}:
            lines.append(more + text)
        else:
            lines[-1] += text if lines[-1].endswith("{") else f" {text}"
    return lines
