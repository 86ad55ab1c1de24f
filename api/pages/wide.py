"""The map for a wide page: the hub on the left bank, everything else on the right one, tunnels straight across."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.pages.cards import Card, waves
from api.pages.chart import Bridge, Chart
from api.pages.drawing import Box, Drawing, Line, Mark, Words, fitted

__all__ = ["wide"]

_WIDTH = 1040.0
_LEFT = 320.0
_RIGHT = 350.0
_EDGE = 8.0
_GAP = 18.0
_BRIDGE = 46.0
"""Height that a bridge needs."""
_NEAR = _EDGE + _LEFT
_FAR = _WIDTH - _EDGE - _RIGHT
_MIDDLE = (_NEAR + _FAR) / 2
_PILL = 310.0


@dataclass(frozen=True, slots=True)
class _Span:
    """From where to where something stands, downwards."""

    top: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def wide(chart: Chart) -> Drawing:
    """Draw it."""
    spans = dict(_spans(chart))
    height = max([Card(chart.hub, _LEFT).height, *(span.top + span.height - _EDGE for span in spans.values())])
    spans[chart.hub.key] = _Span(_EDGE, height)
    drawing = Drawing("wide", _WIDTH, height + 2 * _EDGE)
    drawing.add(Box(_NEAR - 12, _EDGE, _FAR - _NEAR + 24, height, "water", 0))
    crossings = tuple(_crossings(chart, spans))
    drawing.add(*waves(_NEAR, _EDGE, _FAR - _NEAR, height, (y for _bridge, y in crossings)))
    drawing.add(Words(_MIDDLE, _EDGE + 20, chart.water, "sea"))
    Card(chart.hub, _LEFT).draw(drawing, _EDGE, _EDGE, height)
    for place in chart.others:
        Card(place, _RIGHT).draw(drawing, _FAR, spans[place.key].top, spans[place.key].height)
    for bridge, y in crossings:
        _cross(drawing, bridge, y)
    for bridge in chart.bridges:
        if bridge.near != chart.hub.key:
            _bend(drawing, bridge, spans[bridge.near].middle, spans[bridge.far].middle)
    return drawing


def _spans(chart: Chart) -> Iterator[tuple[str, _Span]]:
    top = _EDGE
    for place in chart.others:
        bridges = sum(bridge.far == place.key for bridge in chart.bridges)
        height = max(Card(place, _RIGHT).height, _BRIDGE * bridges)
        yield place.key, _Span(top, height)
        top += height + _GAP


def _crossings(chart: Chart, spans: dict[str, _Span]) -> Iterator[tuple[Bridge, float]]:
    """Every tunnel from the hub with its height; several to one place stand below each other."""
    for place in chart.others:
        bridges = [each for each in chart.bridges if (each.near, each.far) == (chart.hub.key, place.key)]
        first = spans[place.key].middle - _BRIDGE * (len(bridges) - 1) / 2
        for number, bridge in enumerate(bridges):
            yield bridge, first + _BRIDGE * number


def _cross(drawing: Drawing, bridge: Bridge, y: float) -> None:
    shape = bridge.sign.shape
    across = f"M{_NEAR:.0f} {y:.1f}H{_FAR:.0f}"
    drawing.add(Line(across, "deck"), Line(across, f"tunnel {shape}"))
    drawing.add(*(Box(x - 6, y - 15, 12, 30, "tower", 3) for x in (_NEAR, _FAR)))
    _pill(drawing, bridge, _MIDDLE, y)


def _bend(drawing: Drawing, bridge: Bridge, one: float, other: float) -> None:
    """A tunnel that does not end in the hub leaves its bank and comes back to it."""
    bend = f"M{_FAR:.0f} {one:.1f}C{_FAR - 130:.0f} {one:.1f} {_FAR - 130:.0f} {other:.1f} {_FAR:.0f} {other:.1f}"
    drawing.add(Line(bend, "deck"), Line(bend, f"tunnel {bridge.sign.shape}"))
    _pill(drawing, bridge, _MIDDLE, (one + other) / 2)


def _pill(drawing: Drawing, bridge: Bridge, x: float, y: float) -> None:
    [text] = fitted(bridge.label, _PILL - 42, 13.5, 1)
    width = 46 + 8.2 * len(text)
    drawing.add(Box(x - width / 2, y - 17, width, 34, f"pill {bridge.sign.shape}", 17))
    drawing.add(Mark(x - width / 2 + 19, y, 22, bridge.sign.shape))
    drawing.add(Words(x + 14, y + 5, text, "label middle"))
