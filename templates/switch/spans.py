"""Numbers of VLANs as switches list them: neighbours as spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["numbers", "spans"]

_MOST = 4094
_LONGEST = 19
"""Signs of a span, leading zeros and all."""


def numbers(text: str) -> Iterator[int]:
    """`10,20-22`: each once, in order; what is no number of a VLAN is passed over."""
    end = 0
    for first, last in sorted(_pairs(text)):
        yield from range(max(first, end), last + 1)
        end = max(end, last + 1)


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first.isdecimal() and (last.isdecimal() or not last) and len(part) <= _LONGEST:
            yield int(first), min(int(last or first), _MOST)


def spans(found: Iterable[int]) -> str:
    """The same back, in order."""
    said: list[list[int]] = []
    for number in sorted(found):
        if said and said[-1][1] == number - 1:
            said[-1][1] = number
        else:
            said.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in said)
