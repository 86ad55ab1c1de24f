"""Banners in a text of IOS: between two signs of the writer's choice, on one line or on many."""

from __future__ import annotations

import re
from dataclasses import dataclass

from templates.switch.opening import first_from

__all__ = ["Banner", "Divided", "divided"]

_OPENS = re.compile(r"^banner[ \t]+([a-z][a-z-]*)[ \t]+(\^C|[\x03!-~])(.*)$", re.MULTILINE)
"""Cisco's documents: `banner login d message d`, d any character that is not in the message. A device shows its own
end-of-text character as `^C`."""


@dataclass(frozen=True, slots=True)
class Banner:
    """One of them."""

    kind: str
    """`login`, `motd`, `exec`..."""
    lines: tuple[str, ...]
    number: int
    """Its first line in the text, from 1."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A text and its banners apart; the lines keep their numbers: where a banner was, there are blank ones."""

    text: str
    banners: tuple[Banner, ...]


def divided(text: str) -> Divided:
    """Take the banners out. One that never ends is none: its first line stays, and so does all behind it."""
    kept: list[str] = []
    banners: list[Banner] = []
    never: set[str] = set()
    at, number = 0, 1
    while (opening := first_from(_OPENS, text, at)) is not None:
        sign, begin = opening[2], opening.start(3)
        end = -1 if sign in never else text.find(sign, begin)
        if end < 0:
            never.add(sign)
            kept.append(text[at : opening.end()])
            number += text.count("\n", at, opening.end())
            at = opening.end()
            continue
        number += text.count("\n", at, opening.start())
        banners.append(Banner(opening[1], _said(text[begin:end]), number))
        height = text.count("\n", opening.start(), end)
        kept += (text[at : opening.start()], "\n" * height)
        line_end = text.find("\n", end)
        at = len(text) if line_end < 0 else line_end
        number += height
    kept.append(text[at:])
    return Divided("".join(kept), tuple(banners))


def _said(message: str) -> tuple[str, ...]:
    lines = [line.rstrip() for line in message.split("\n")]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return tuple(lines)
