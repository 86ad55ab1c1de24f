"""Where a banner begins in a text of a switch: the word is found first, and only its line is held against a pattern."""

from __future__ import annotations

import re

__all__ = ["first_from"]

_WORD = "banner"


def first_from(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str] | None:
    """The first line from `at` that a pattern fits; its first word must be `banner`.

    A pattern alone is tried at every sign of the text.
    """
    while (word := text.find(_WORD, at)) >= 0:
        begin = text.rfind("\n", 0, word) + 1
        if begin >= at and (match := pattern.match(text, begin)) is not None:
            return match
        at = text.find("\n", word)
        if at < 0:
            break
    return None
