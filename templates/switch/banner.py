"""Banners in a text of a switch, and the text without them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Banner", "Closed", "Closing", "Divided", "apart"]

_WORD = "banner"


@dataclass(frozen=True, slots=True)
class Banner:
    """One of them."""

    kind: str
    """`login`, `motd`, `exec`...; `motd` is shown before somebody logs in, `exec` after it."""
    lines: tuple[str, ...]
    number: int
    """Its first line in the text, from 1."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A text and its banners apart; the lines keep their numbers: where a banner was, there are blank ones."""

    text: str
    banners: tuple[Banner, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """What a banner says, and where it ends."""

    lines: tuple[str, ...]
    end: int
    """In the last line of it."""
    rest: int
    """From where the text is the device's again."""


Closing: TypeAlias = Callable[[re.Match[str]], Closed | None]
"""The end of a banner by how it begins; None: it never ends."""


def apart(text: str, opens: re.Pattern[str], closing: Closing) -> Divided:
    """Take the banners out. One that never ends is none: its first line stays, and so does all behind it.

    `opens`: matches at the beginning of a line whose first word is `banner`; its group 1 is the kind.
    """
    kept: list[str] = []
    banners: list[Banner] = []
    at, number = 0, 1
    while (opening := _first(opens, text, at)) is not None:
        closed = closing(opening)
        if closed is None:
            kept.append(text[at : opening.end()])
            number += text.count("\n", at, opening.end())
            at = opening.end()
            continue
        number += text.count("\n", at, opening.start())
        banners.append(Banner(opening[1], closed.lines, number))
        height = text.count("\n", opening.start(), closed.end)
        kept += (text[at : opening.start()], "\n" * height)
        number += height
        at = closed.rest
    kept.append(text[at:])
    return Divided("".join(kept), tuple(banners))


def _first(opens: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """The first line from there that fits. A pattern alone would be tried at every sign of the text."""
    while (word := text.find(_WORD, at)) >= 0:
        begin = text.rfind("\n", 0, word) + 1
        if begin >= at and (match := opens.match(text, begin)) is not None:
            return match
        at = text.find("\n", word)
        if at < 0:
            break
    return None
