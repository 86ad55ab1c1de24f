"""The lines of a switch's text in an order of ours: where its own says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from templates.switch.indent import Block

__all__ = ["natural", "sorted_blocks", "written"]

_DIGITS = re.compile(r"(\d{1,9})")


def natural(text: str) -> list[tuple[int, str]]:
    """For sorting: `1/1/10` behind `1/1/9`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(text) if part]


def sorted_blocks(blocks: Iterable[Block]) -> list[Block]:
    """By their lines."""
    return sorted(blocks, key=lambda block: natural(block.text))


def written(found: Iterable[Block], depth: int = 0) -> Iterator[str]:
    """Indented by one a level."""
    for block in found:
        yield " " * depth + block.text
        yield from written(block.children, depth + 1)
