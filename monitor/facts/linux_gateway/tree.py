"""Nested sections of keys and values, as strongSwan's files write them and as its daemon lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.facts.text import Text
from monitor.facts.where import Fact, Where

__all__ = ["Node", "read_listing", "read_nested"]


@dataclass(slots=True)
class Node:
    """A section. One that is written twice is one; of a key that is written twice the last counts."""

    name: str
    where: Where
    values: dict[str, Fact[str]] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)

    def node(self, name: str, where: Where) -> Node:
        """The section below of that name, made when it is not there."""
        return self.nodes.setdefault(name, Node(name, where))

    def words(self, key: str) -> tuple[str, ...]:
        """A value as the list it is: `a, b`."""
        fact = self.values.get(key)
        return tuple(filter(None, (word.strip() for word in fact.value.split(",")))) if fact is not None else ()

    def every(self) -> Iterator[Node]:
        """The sections below."""
        yield from self.nodes.values()


_QUOTED = r'"(?:[^"\\]|\\.)*"'
_SPACE = re.compile(r"(?:\s+|#[^\n]*)+")
_KEY = re.compile(r'([^\s{}=#"]+)[ \t]*=[ \t]*')
_VALUE = re.compile(rf'(?:{_QUOTED}|[^"\n#{{}}])*')
_HEAD = re.compile(r'([^\s{}=#":]+)\s*(?::[^\n{}]*?)?\{')
_REST = re.compile(r"[^\n}]*|\}")


def read_nested(text: Text) -> Node:
    """A file of `name { key = value }`. `include` lines and what is no such thing are odd."""
    whole = text.text
    open_nodes, at, line, seen = [Node("", text.where(1))], 0, 1, 0
    while at < len(whole):
        space = _SPACE.match(whole, at)
        at = space.end() if space is not None else at
        line, seen = line + whole.count("\n", seen, at), at
        if at >= len(whole):
            break
        at = _step(text, open_nodes, at, line)
    return open_nodes[0]


def _step(text: Text, open_nodes: list[Node], at: int, line: int) -> int:
    """Read one thing and tell where the next one is."""
    whole, where = text.text, text.where(line)
    if key := _KEY.match(whole, at):
        value = _VALUE.match(whole, key.end())
        end = value.end() if value is not None else key.end()
        said = whole[key.end() : end].strip()
        open_nodes[-1].values[key[1]] = Fact(said[1:-1] if re.fullmatch(_QUOTED, said) else said, where)
        return end
    if head := _HEAD.match(whole, at):
        open_nodes.append(open_nodes[-1].node(head[1], where))
        return head.end()
    if whole[at] == "}" and len(open_nodes) > 1:
        open_nodes.pop()
        return at + 1
    text.odd(where)
    rest = _REST.match(whole, at)
    return max(rest.end() if rest is not None else at, at + 1)


def read_listing(text: Text) -> Node:
    """What a daemon lists: one key or section a line, deeper by two spaces."""
    top = Node("", text.where(1))
    levels = [(-1, top)]
    for number, line in enumerate(text.text.split("\n"), 1):
        said = line.strip()
        if not said:
            continue
        depth = len(line) - len(line.lstrip(" "))
        while levels[-1][0] >= depth:
            levels.pop()
        key, equals, value = said.partition(" =")
        if equals:
            levels[-1][1].values[key] = Fact(value.strip(), text.where(number))
        else:
            levels.append((depth, levels[-1][1].node(said, text.where(number))))
    return top
