"""What must be known of a command line to get from one of its texts to another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Above", "Change", "Language", "Negation", "unspoken"]

Above: TypeAlias = tuple[str, ...]
"""A line with the lines it stands under, outermost first; of patterns: a regular expression for each, searched."""


@dataclass(frozen=True, slots=True)
class Negation:
    """How a line is taken away, where `no` before it is wrong: in `no LINE`, `search` is replaced once."""

    above: Above
    search: str
    replace: str


@dataclass(frozen=True, slots=True)
class Language:
    """One platform's. Banners are none of it: whoever calls takes them out first, and puts them back."""

    kind: str
    """The name of hier_config's platform; `GENERIC` brings no rule of its own."""
    alone: Callable[[Above], bool]
    """Whether a line of the running text that the intended one has not is left as it is, with all below it."""
    single: tuple[Above, ...] = ()
    """Commands that hold one value: the new line replaces the old one, which is not taken away first.

    Lines whose groups match alike are one command: `^username (\\S+)`.
    """
    first: tuple[Above, ...] = ()
    """What is done before everything beside it, in this order."""
    last: tuple[Above, ...] = ()
    """What is done after everything beside it, in this order."""
    negations: tuple[Negation, ...] = ()
    leave: str = ""
    """What is typed to get out of a section; nothing where the next command does."""


@dataclass(frozen=True, slots=True)
class Change:
    """The way from one text to another."""

    lines: tuple[str, ...]
    """What is typed, in order, indented by one a level."""
    result: str
    """What was intended and, behind it, what is left alone."""
    untouched: tuple[str, ...]


def unspoken(outermost: re.Pattern[str], within: Mapping[str, re.Pattern[str]]) -> Callable[[Above], bool]:
    """For `Language.alone`: whatever is not spoken of, outermost, or right below a line that begins with such a word.

    What stands deeper, or below any other line, goes with what it stands under.
    """

    def alone(above: Above) -> bool:
        if len(above) == 1:
            return outermost.match(above[0]) is None
        spoken = within.get(above[0].split(" ", 1)[0])
        return len(above) == 2 and spoken is not None and spoken.match(above[1]) is None

    return alone
