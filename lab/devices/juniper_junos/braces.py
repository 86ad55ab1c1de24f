"""`show configuration` of the emulated Junos: the same statements with braces."""

from __future__ import annotations

from collections.abc import Iterator

from lab.devices.juniper_junos.grammar import GRAMMAR, Kind, Node, find
from lab.devices.juniper_junos.tree import Branch, Tree
from templates.juniper_junos.text import Path, line

__all__ = ["braces"]

_ONE_LINE = frozenset({"authentication-key", "route", "member-range"})
"""Lists whose attributes stand behind the key."""


def braces(tree: Tree) -> str:
    """The whole configuration."""
    return "".join(f"{row}\n" for row in ["## Last commit: 2027-03-01 08:00:00 UTC by root", *_rows(tree)])


def _rows(tree: Tree) -> Iterator[str]:
    yield from _branch(tree, tree.root, GRAMMAR, ())


def _branch(tree: Tree, branch: Branch, node: Node, path: Path) -> Iterator[str]:
    for word, inner in branch.items():
        below = find(node, word) or Node("", Kind.ANYTHING)
        if below.kind is Kind.LIST and below.name != "*":
            for key, entry in inner.items():
                yield from _entry(tree, entry, below, (*path, word, key), 2)
        elif below.kind in {Kind.VALUE, Kind.VALUES, Kind.SECRET}:
            yield from _value(tree, (*path, word), list(inner))
        else:
            yield from _entry(tree, inner, below, (*path, word), 1)


def _entry(tree: Tree, inner: Branch, node: Node, path: Path, size: int) -> Iterator[str]:
    """A statement with what is below it; `size` words of the path are its own."""
    off = "inactive: " if path in tree.asleep else ""
    name = _words(path[-size:])
    if not inner:
        yield f"{off}{name};"
    elif path[-size] in _ONE_LINE:
        tail = " ".join(_words((word, *list(inner[word])[:1])) for word in inner)
        yield f"{off}{name} {tail};"
    else:
        yield f"{off}{name} {{"
        yield from (f"    {row}" for row in _branch(tree, inner, node, path))
        yield "}"


def _value(tree: Tree, path: Path, values: list[str]) -> Iterator[str]:
    off = "inactive: " if path in tree.asleep else ""
    shown = _words(values) if len(values) == 1 else f"[ {_words(values)} ]"
    secret = " ## SECRET-DATA" if any(value.startswith("$") for value in values) else ""
    yield f"{off}{path[-1]} {shown};{secret}"


def _words(words: Path | list[str]) -> str:
    return line(words).removeprefix("set ")
