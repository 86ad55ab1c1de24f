"""Which losses are loss and which an outage; and how many in a row then mean that the way is cut."""

from __future__ import annotations

import math
from collections import deque

__all__ = ["Losses"]

_WINDOW = 100
"""Ten seconds of probes."""
_MANY, _FEW, _APART = 6, 2, 3
"""Lossy from so many lost of a window on, at so many different times; no more at the other. Where one of ten is lost, a
window has six or more in 94 cases of a hundred, and the sixth is the 57th in the middle (binomial): loss of a tenth is
told within ten seconds. Where one of a hundred is lost, six are there once in 1,700 windows."""
_OUTAGE = 20
"""More lost in a row than this is an outage: it says nothing of the way before and after it."""
_BY_CHANCE = 1e-6
"""How seldom a row of losses may turn a lossy way down by chance: less than once a day at ten probes a second."""


class Losses:
    """The last probes of a way, answered or lost."""

    def __init__(self, turn: int) -> None:
        """`turn`: so many lost in a row cut a way that is not lossy."""
        self._turn = turn
        self._window: deque[bool] = deque(maxlen=_WINDOW)
        """Whether each was lost."""
        self._row = 0
        self.lossy = False

    def add(self, *, lost: bool) -> None:
        """Take one more in."""
        if not lost and self._row > _OUTAGE:
            for _each in range(min(self._row, len(self._window))):
                self._window.pop()
        self._row = self._row + 1 if lost else 0
        self._window.append(lost)
        many = sum(self._window)
        if many <= _FEW:
            self.lossy = False
        elif many >= _MANY and self._times() >= _APART:
            self.lossy = True

    @property
    def cut(self) -> bool:
        """Whether so many are lost in a row that chance does not explain it."""
        return self._row >= self._needed()

    def _needed(self) -> int:
        """A lossy way loses three in a row every few seconds, and is not cut."""
        if not self.lossy:
            return self._turn
        before = list(self._window)[: -self._row or None]
        share = min(0.99, max(sum(before), 1) / max(len(before), 1))
        return min(_OUTAGE, max(self._turn, math.ceil(math.log(_BY_CHANCE) / math.log(share))))

    def _times(self) -> int:
        """How many rows of losses there are."""
        rows = list(self._window)
        return sum(lost and not before for before, lost in zip([False, *rows], rows, strict=False))
