"""The VLANs that exist by lines that each name several."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.facts.switch import Vlan
from monitor.facts.where import Where

__all__ = ["LAST", "named"]

LAST = 4094
"""The highest number of a VLAN (IEEE 802.1Q)."""


def named(said: Iterable[tuple[Iterable[tuple[int, int]], str, Where]]) -> tuple[Vlan, ...]:
    """Ranges, name, line: each VLAN once, in the order they are said; a later line may name one.

    Takes no longer for a range that is said a thousand times.
    """
    found: dict[int, Vlan] = {}
    seen = 0
    for spans, name, where in said:
        for first, last in spans:
            end = min(last, LAST)
            if first == end and name:
                found[first] = Vlan(first, name, where)
            mask = (1 << (end + 1)) - (1 << first) if first <= end else 0
            if mask & ~seen:
                seen |= mask
                for number in range(first, end + 1):
                    found.setdefault(number, Vlan(number, name, where))
    return tuple(found.values())
