"""The map for a narrow page: the hub on top, everything else below it, tunnels down along the water."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from api.pages.cards import Card, waves
from api.pages.chart import Bridge, Chart, Place, Row
from api.pages.drawing import Box, Drawing, Line, Mark, Words

__all__ = ["tall"]

_WIDTH = 360.0
_EDGE = 4.0
_BANK = 92.0
"""Where the right bank begins."""
_GAP = 14.0
_OUTERMOST = 18.0
_INNERMOST = 62.0
_BEND = 12.0


def tall(chart: Chart) -> Drawing:
    """Draw it."""
    drawing = Drawing("tall", _WIDTH, 0)
    hub = Card(chart.hub, _WIDTH - 2 * _EDGE)
    cards = [Card(_with_tunnels(chart, place), _WIDTH - _BANK - _EDGE) for place in chart.others]
    shore = _EDGE + hub.height
    tops = tuple(_tops(cards, shore + _GAP))
    end = tops[-1] + cards[-1].height if cards else shore
    drawing.add(Box(_EDGE, shore - 12, _BANK + 8, end - shore + 12, "water", 10))
    drawing.add(*waves(_EDGE - 20, shore, _BANK + 60, end - shore))
    drawing.add(Words(_EDGE + _BANK / 2 - 2, end - 8, chart.water, "sea"))
    hub.draw(drawing, _EDGE, _EDGE, hub.height)
    for card, top in zip(cards, tops, strict=True):
        card.draw(drawing, _BANK, top, card.height)
    for number, (bridge, y) in enumerate(_landings(chart, cards, tops)):
        _descend(drawing, bridge, (_lane(number, len(chart.bridges)), shore), y)
    drawing.height = end + _EDGE
    return drawing


def _tops(cards: list[Card], top: float) -> Iterator[float]:
    for card in cards:
        yield top
        top += card.height + _GAP


def _with_tunnels(chart: Chart, place: Place) -> Place:
    """A place that says how the tunnels stand that end there: there is no room for that on the water."""
    ends = [each for each in chart.bridges if place.key in {each.near, each.far}]
    said = tuple(Row(bridge.sign.shape, bridge.short) for bridge in ends)
    return replace(place, rows=(*said, *place.rows))


def _landings(chart: Chart, cards: list[Card], tops: tuple[float, ...]) -> Iterator[tuple[Bridge, float]]:
    """Every tunnel from the hub and where it lands, from above."""
    for card, top in zip(cards, tops, strict=True):
        bridges = [each for each in chart.bridges if (each.near, each.far) == (chart.hub.key, card.place.key)]
        for number, bridge in enumerate(bridges):
            yield bridge, top + card.height * (number + 1) / (len(bridges) + 1)


def _lane(number: int, lanes: int) -> float:
    """The one that lands first runs nearest to the bank, so that none crosses another."""
    return _INNERMOST - number * min((_INNERMOST - _OUTERMOST) / max(lanes - 1, 1), 22.0)


def _descend(drawing: Drawing, bridge: Bridge, start: tuple[float, float], y: float) -> None:
    x, shore = start
    way = f"M{x:.1f} {shore:.1f}V{y - _BEND:.1f}q0 {_BEND:.0f} {_BEND:.0f} {_BEND:.0f}H{_BANK:.0f}"
    drawing.add(Line(way, "deck"), Line(way, f"tunnel {bridge.sign.shape}"))
    drawing.add(Box(x - 9, shore - 5, 18, 10, "tower", 3), Mark(_BANK, y, 24, bridge.sign.shape))
