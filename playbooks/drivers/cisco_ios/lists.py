"""Access lists that say who may manage the device: rewritten beside themselves, so that the door never closes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from templates.switch.indent import Block

__all__ = ["switched"]

_LIST = re.compile(r"ip access-list (?:standard|extended) (\S+)")
_NEXT = "-NEXT"


def switched(have: list[Block], want: list[Block]) -> list[str]:
    """What is typed for the lists that are in both and differ; afterwards they are the same in both.

    Taken line by line, a list would deny everybody between its old entries and its new ones.
    """
    old = {block.text: block for block in have if _LIST.fullmatch(block.text)}
    lines: list[str] = []
    for block in want:
        before = old.get(block.text)
        if before is None or _entries(before) == _entries(block):
            continue
        lines += _changed(have, block)
        before.children = block.children
    return lines


def _changed(have: list[Block], block: Block) -> Iterator[str]:
    name = block.text.rsplit(" ", 1)[1]
    doors = [each.text for each in have for child in each.children if child.text == f"access-class {name} in"]
    entries = [f" {entry}" for entry in _entries(block)]
    if doors:
        yield from (f"{block.text}{_NEXT}", *entries)
        yield from (line for door in doors for line in (door, f" access-class {name}{_NEXT} in"))
    yield from (f"no {block.text}", block.text, *entries)
    if doors:
        yield from (line for door in doors for line in (door, f" access-class {name} in"))
        yield f"no {block.text}{_NEXT}"


def _entries(block: Block) -> list[str]:
    return [child.text for child in block.children]
