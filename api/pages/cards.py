"""A place as a card on the map: its name, its street, and what stands there with its signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.pages.chart import Place
from api.pages.drawing import Box, Drawing, Line, Mark, Words, fitted

__all__ = ["Card", "waves"]

_TITLE = 15.0
_NOTE = 12.5
_ROW = 13.0
_PAD = 14.0
_ICON = 30.0
_BETWEEN_ROWS = 22.0


@dataclass(frozen=True, slots=True)
class Card:
    """A place, and how wide its card is."""

    place: Place
    width: float

    @property
    def _titles(self) -> tuple[str, ...]:
        return fitted(self.place.title, self.width - 3 * _PAD - _ICON, _TITLE, 3)

    @property
    def _head_height(self) -> float:
        return 19 * len(self._titles) + (17 if self.place.note else 0)

    @property
    def height(self) -> float:
        """As high as what stands on it needs."""
        rows = _BETWEEN_ROWS * len(self.place.rows)
        return max(self._head_height, _ICON) + (rows + 8 if rows else 0) + 2 * _PAD

    def draw(self, drawing: Drawing, x: float, y: float, height: float) -> None:
        """Paint it; what stands on it goes to the middle of its height."""
        css = "card" + ("" if self.place.ours else " foreign") + (" assumed" if self.place.assumed else "")
        drawing.add(Box(x, y, self.width, height, css))
        top = y + (height - self.height) / 2 + _PAD
        drawing.add(Mark(x + _PAD + _ICON / 2, top + _ICON / 2, _ICON, "house" if self.place.ours else "platform"))
        beside = top + max(_ICON - self._head_height, 0) / 2
        drawing.add(*self._head(x + 2 * _PAD + _ICON, beside), *self._rows(x + _PAD, y, height))

    def _head(self, x: float, y: float) -> Iterator[Words]:
        for number, line in enumerate(self._titles):
            yield Words(x, y + 14 + 19 * number, line, "title")
        if self.place.note:
            [note] = fitted(self.place.note, self.width - 3 * _PAD - _ICON, _NOTE, 1)
            yield Words(x, y + 13 + 19 * len(self._titles), note, "note")

    def _rows(self, x: float, y: float, height: float) -> Iterator[Mark | Words]:
        bottom = y + (height + self.height) / 2 - _PAD
        first = bottom - _BETWEEN_ROWS * (len(self.place.rows) - 0.5)
        for number, row in enumerate(self.place.rows):
            middle = first + _BETWEEN_ROWS * number
            [text] = fitted(row.text, self.width - 2 * _PAD - 26, _ROW, 1)
            yield Mark(x + 9, middle, 16, row.shape)
            yield Words(x + 26, middle + 4.5, text, "row")


def waves(x: float, y: float, width: float, height: float, clear: Iterable[float] = ()) -> Iterator[Line]:
    """Water, drawn sparsely: a short wave here and there, but none near the heights that are to stay clear."""
    taken = tuple(clear)
    for number in range(int(height // 46)):
        start = x + 26 + (number * 97) % max(int(width) - 110, 1)
        down = y + 30 + 46 * number
        if all(abs(down - each) > 26 for each in taken):
            yield Line(f"M{start:.0f} {down:.0f}q8 -7 16 0t16 0t16 0", "wave")
