"""The search for the longest packet, against ways of every kind."""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.mtu.search import Fate, Found, Tried, search

ROUTER = IPv4Address("10.8.0.1")


class Way:
    """A way that carries so much; what is longer vanishes, is told or refused."""

    def __init__(self, carries: int, beyond: Fate, says: int | None = None) -> None:
        self._carries, self._beyond, self._says = carries, beyond, says
        self.asked: list[int] = []

    async def attempt(self, size: int) -> Tried:
        self.asked.append(size)
        if size <= self._carries:
            return Tried(Fate.ANSWERED)
        told = self._beyond is Fate.TOLD
        return Tried(self._beyond, self._says if told else None, ROUTER if told else None)


def over(way: Way, likely: int = 1438) -> Found:
    return asyncio.run(search(way.attempt, 576, 1500, likely))


@pytest.mark.parametrize(
    ("way", "size", "beyond", "most"),
    [
        (Way(1500, Fate.LOST), 1500, Fate.ANSWERED, 2),
        (Way(1438, Fate.LOST), 1438, Fate.LOST, 4),
        (Way(1400, Fate.TOLD, 1400), 1400, Fate.TOLD, 4),
        (Way(1400, Fate.REFUSED), 1400, Fate.REFUSED, 13),
        (Way(1000, Fate.LOST), 1000, Fate.LOST, 13),
        (Way(576, Fate.LOST), 576, Fate.LOST, 13),
    ],
)
def test_the_longest_is_found_with_few_questions(way: Way, size: int, beyond: Fate, most: int) -> None:
    found = over(way)
    assert (found.size, found.beyond.fate) == (size, beyond)
    assert len(way.asked) <= most


@pytest.mark.parametrize("fate", [Fate.LOST, Fate.UNSENT, Fate.TOLD])
def test_where_nothing_goes_through_nothing_is_found(fate: Fate) -> None:
    way = Way(0, fate)
    assert over(way) == Found(None, Tried(fate, None, ROUTER if fate is Fate.TOLD else None))
    assert way.asked == [576]


@given(st.integers(576, 1500), st.sampled_from(list(Fate)[1:]), st.integers(0, 65535), st.integers(0, 2000))
def test_no_lie_on_the_way_leads_astray(carries: int, beyond: Fate, says: int, likely: int) -> None:
    way = Way(carries, beyond, says)
    assert over(way, likely).size == carries
    assert len(way.asked) <= 20
