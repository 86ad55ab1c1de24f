"""The lines of a terminal: `line vty 0 4`, `line vty 5 15` are sixteen, however a text groups them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from templates.switch.indent import Block

__all__ = ["grouped", "regrouped", "singly"]

_VTY = re.compile(r"line vty (\d{1,3})(?: (\d{1,3}))?")
_SINGLE = re.compile(r"(no )?line vty (\d{1,3})")
_BREAKS = frozenset({5, 16})
"""Where IOS itself begins another group, even of lines that are set alike; not verified on a device."""
_MOST = 1000


def regrouped(top: list[Block]) -> list[Block]:
    """The same with the virtual terminals grouped as IOS groups them: neighbours that are set alike."""
    each = _terminals(top)
    groups: list[list[int]] = []
    for number in sorted(each):
        last = groups[-1][-1] if groups else None
        alike = last == number - 1 and each[last].keys() == each[number].keys() if last is not None else False
        if alike and number not in _BREAKS:
            groups[-1].append(number)
        else:
            groups.append([number])
    return _others(top) + [_group(group, each[group[0]]) for group in groups]


def singly(top: list[Block]) -> list[Block]:
    """The same with each virtual terminal by itself, as two groupings can be compared."""
    return _others(top) + [_group([number], said) for number, said in sorted(_terminals(top).items())]


def grouped(lines: Iterable[str]) -> Iterator[str]:
    """What is typed, indented: neighbouring terminals to which the same is done are one group again."""
    sections: list[list[str]] = []
    for line in lines:
        if line.startswith(" ") and sections:
            sections[-1].append(line)
        else:
            sections.append([line])
    at = 0
    while at < len(sections):
        match = _SINGLE.fullmatch(sections[at][0])
        end = at + 1
        while match is not None and end < len(sections) and _follows(sections[end - 1], sections[end]):
            end += 1
        if match is not None and end > at + 1:
            yield f"{sections[at][0]} {sections[end - 1][0].rsplit(' ', 1)[1]}"
        else:
            yield sections[at][0]
        yield from sections[at][1:]
        at = end


def _follows(before: list[str], after: list[str]) -> bool:
    one, other = _SINGLE.fullmatch(before[0]), _SINGLE.fullmatch(after[0])
    if one is None or other is None or int(other[2]) in _BREAKS:
        return False
    return one[1] == other[1] and int(other[2]) == int(one[2]) + 1 and before[1:] == after[1:]


def _terminals(top: list[Block]) -> dict[int, dict[str, Block]]:
    each: dict[int, dict[str, Block]] = {}
    for block in top:
        match = _VTY.fullmatch(block.text)
        if match is not None:
            first = int(match[1])
            for number in range(first, min(int(match[2] or first), _MOST) + 1):
                each.setdefault(number, {}).update({child.text: child for child in block.children})
    return each


def _others(top: list[Block]) -> list[Block]:
    return [block for block in top if _VTY.fullmatch(block.text) is None]


def _group(numbers: list[int], said: dict[str, Block]) -> Block:
    text = f"line vty {numbers[0]}" + (f" {numbers[-1]}" if len(numbers) > 1 else "")
    return Block(0, text, [said[key] for key in sorted(said)])
