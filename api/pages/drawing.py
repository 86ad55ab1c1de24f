"""Shapes with their places: what the map's template puts on paper, in the order in which it is painted."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.pages.signs import Shape

__all__ = ["Box", "Drawing", "Line", "Mark", "Words", "fitted"]

_WIDTH_OF_A_LETTER = 0.62
"""Of its size, in the widest of the usual fonts; who has a narrower one sees a little more air."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    css: str
    round: float = 10
    kind: str = "box"


@dataclass(frozen=True, slots=True)
class Line:
    """A path, in SVG's own words."""

    d: str
    css: str
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawing of the sprite, around its middle."""

    x: float
    y: float
    size: float
    name: Shape | str
    kind: str = "mark"


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text, from its left end on the base line, or around its middle."""

    x: float
    y: float
    text: str
    css: str
    kind: str = "words"


@dataclass(slots=True)
class Drawing:
    """A picture of a size; things are painted over what came before them."""

    name: str
    """Apart from every other one on the page."""
    width: float
    height: float
    parts: list[Box | Line | Mark | Words] = field(default_factory=list)

    def add(self, *parts: Box | Line | Mark | Words) -> None:
        """Paint these next."""
        self.parts.extend(parts)


def fitted(text: str, width: float, size: float, most: int) -> tuple[str, ...]:
    """The text in at most so many lines of that width; what does not fit ends in an ellipsis."""
    room = max(int(width / (size * _WIDTH_OF_A_LETTER)), 4)
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= room or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] += "…"
    return tuple(line if len(line) <= room else f"{line[: room - 1].rstrip('…')}…" for line in kept)
