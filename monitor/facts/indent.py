"""Indented text as facts are read from it: what nobody has understood is counted."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.facts.text import Text
from monitor.facts.where import Where
from templates.switch.indent import Block, blocks, numbered

__all__ = ["Block", "blocks", "numbered", "unread"]


def unread(text: Text, top: list[Block]) -> Iterator[Where]:
    """The lines nobody has understood, in the order of the text."""
    waiting = top[::-1]
    while waiting:
        block = waiting.pop()
        if not block.read:
            yield text.where(block.number)
        waiting += block.children[::-1]
