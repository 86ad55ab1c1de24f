"""Banners in a text of IOS: between two signs of the writer's choice, on one line or on many."""

from __future__ import annotations

import re

from templates.switch.banner import Banner, Closed, Divided, apart

__all__ = ["Banner", "Divided", "divided"]

_OPENS = re.compile(r"^banner[ \t]+([a-z][a-z-]*)[ \t]+(\^C|[\x03!-~])(.*)$", re.MULTILINE)
"""Cisco's documents: `banner login d message d`, d any character that is not in the message. A device shows its own
end-of-text character as `^C`."""


def divided(text: str) -> Divided:
    """Take the banners out: each ends at the next sign of its own, and the rest of that line with it."""
    never: set[str] = set()

    def closing(opening: re.Match[str]) -> Closed | None:
        sign, begin = opening[2], opening.start(3)
        end = -1 if sign in never else text.find(sign, begin)
        if end < 0:
            never.add(sign)
            return None
        line_end = text.find("\n", end)
        return Closed(_said(text[begin:end]), end, len(text) if line_end < 0 else line_end)

    return apart(text, _OPENS, closing)


def _said(message: str) -> tuple[str, ...]:
    lines = [line.rstrip() for line in message.split("\n")]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return tuple(lines)
