"""Text whose lines belong together by their indentation, as switches write it; one pass, no recursion."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

__all__ = ["Block", "blocks", "numbered"]

_FARTHEST = sys.maxsize
"""Farther in than any line: the first one stands under nothing."""


@dataclass(slots=True)
class Block:
    """A line and those that stand under it. Whoever understands the line says so: what nobody has read is unknown."""

    number: int
    """From 1."""
    text: str
    """Without the space around it, with single spaces between its words."""
    children: list[Block] = field(default_factory=list)
    read: bool = False

    @property
    def words(self) -> list[str]:
        """Of the line itself."""
        return self.text.split(" ")


def numbered(text: str, comments: str = "!") -> Iterator[tuple[int, str]]:
    """Every line that says something, with its number from 1 and its indentation."""
    for number, line in enumerate(text.split("\n"), 1):
        said = line.lstrip()
        if said and said[0] not in comments:
            yield number, line


def blocks(lines: Iterable[tuple[int, str]]) -> list[Block]:
    """The outermost lines, with the others under them. A tabulator counts as one space."""
    top: list[Block] = []
    around: list[tuple[int, list[Block]]] = []
    level = under = top
    indented = _FARTHEST
    # Ports are alike, and so are their lines: each is looked at once.
    known: dict[str, tuple[int, str]] = {}
    for number, line in lines:
        seen = known.get(line)
        if seen is None:
            seen = known[line] = _depth_and_words(line)
        depth, said = seen
        if not said:
            continue
        if depth > indented:
            around.append((indented, level))
            level = under
        elif depth < indented:
            while around and around[-1][0] >= depth:
                level = around.pop()[1]
        indented = depth
        block = Block(number, said, [])
        level.append(block)
        under = block.children
    return top


def _depth_and_words(line: str) -> tuple[int, str]:
    said = line.strip()
    if "  " in said or not said.isprintable():
        said = " ".join(said.split())
    return len(line) - len(line.lstrip()), said
