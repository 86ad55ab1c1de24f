"""Where things stand in YAML text, and text put in their place: what no piece touches stays to the letter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yaml import MappingNode, Node, SafeLoader, ScalarNode, SequenceNode, compose

__all__ = ["Piece", "behind", "child", "end", "entries", "line_end", "root", "scalar", "spliced"]

Piece = tuple[int, int, str]
"""From where to where in a text, and what comes there instead."""


def root(text: str) -> MappingNode | None:
    """The mapping that a file of an inventory is; None for anything else. The text must be one that can be parsed."""
    found = compose(text, Loader=SafeLoader)
    return found if isinstance(found, MappingNode) else None


def child(node: MappingNode, name: str) -> Node | None:
    """The value of a key."""
    return next((value for key, value in node.value if isinstance(key, ScalarNode) and key.value == name), None)


def scalar(node: MappingNode, name: str) -> str:
    """The value of a key as it is written, without quotes; nothing where it is none or not a single one."""
    found = child(node, name)
    return str(found.value) if isinstance(found, ScalarNode) else ""


def entries(text: str, key: str) -> Iterator[MappingNode]:
    """The mappings in a list of a file of an inventory."""
    top = root(text)
    listed = None if top is None else child(top, key)
    for entry in listed.value if isinstance(listed, SequenceNode) else ():
        if isinstance(entry, MappingNode):
            yield entry


def end(node: Node) -> int:
    """Where the last thing in a node ends; libyaml lets a block end only where the next one begins."""
    last: Node | None = None
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
    elif isinstance(node, MappingNode) and not node.flow_style and node.value:
        last = node.value[-1][1]
    index: int = node.end_mark.index if last is None else end(last)
    return index


def line_end(text: str, at: int) -> int:
    """Behind the line break of the line that a place is in."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def behind(text: str, node: Node, lines: str) -> Piece:
    """Lines below the one a node ends in, and so below the comment behind it."""
    at = line_end(text, end(node))
    return at, at, lines if text[:at].endswith("\n") else f"\n{lines}"


def spliced(text: str, pieces: Iterable[Piece]) -> str:
    """The text with all pieces in their places; no two may overlap."""
    for start, stop, new in sorted(pieces, reverse=True):
        text = text[:start] + new + text[stop:]
    return text
