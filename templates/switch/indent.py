"""Text whose lines belong together by their indentation, as switches write it; one pass, no recursion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

__all__ = ["Block", "blocks", "numbered"]


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
    open_: list[tuple[int, list[Block]]] = [(-1, top)]
    for number, line in lines:
        said = line.strip()
        if not said:
            continue
        if "  " in said or not said.isprintable():
            said = " ".join(said.split())
        depth = len(line) - len(line.lstrip())
        while open_[-1][0] >= depth:
            open_.pop()
        block = Block(number, said)
        open_[-1][1].append(block)
        open_.append((depth, block.children))
    return top
