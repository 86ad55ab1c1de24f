"""Whether a section of a device can be read at all: how long it may be, and of which signs.

Beyond these bounds nothing of it is read: a text that is cut, or decoded as what it is not, may say the opposite.
"""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Platform
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from templates.linux_gateway.gate.tools import LIMIT_IN, LIMIT_OUT

__all__ = ["LONGEST_LINE", "MARKS", "MOST_LINES", "most", "unfit"]

MOST_LINES = 100_000
"""Of a switch's text: its largest stack shows a tenth of them."""
LONGEST_LINE = 65_536
"""Characters. The longest that a device shows is a list of every other VLAN: 10,000."""
MARKS = ("\ufeff", "ï»¿")
"""The byte order mark of UTF-8, decoded as such or as Latin-1: it stands before the text, and says nothing."""
_SWITCH = 2_000_000
"""Characters; the memory a switch keeps its configuration in is smaller."""
_MOST: Mapping[Platform, int] = {Platform.JUNIPER_JUNOS: 1_000_000, Platform.MIKROTIK_ROUTEROS: 1_000_000}
"""What is less: the largest Junos stack has a third of it, a large router's export a fifth."""


def most(platform: Platform, name: str) -> int:
    """How long a section may be: in characters, on a gateway in bytes.

    A gate lets its tools say LIMIT_OUT bytes at most, and gives the first LIMIT_IN bytes of a file: one of that length
    may be cut. The drivers take 16 MiB over one connection, whatever it is.
    """
    if platform.switch:
        return _MOST.get(platform, _SWITCH)
    return LIMIT_IN - 1 if name.startswith("file ") else LIMIT_OUT


def unfit(platform: Platform, name: str, text: str) -> Sentence | None:
    """Why it cannot be read; None: it can."""
    bound = most(platform, name)
    if len(text) > bound or (not platform.switch and _size(text) > bound):
        message = N_("the text {source} is longer than {most} characters, and is not read: no device shows so many")
        return say(message, source=name, most=bound)
    if "\0" in text:
        return say(N_("the text {source} holds NUL characters, and is not read: it is not in UTF-8"), source=name)
    if len(text) <= LONGEST_LINE:
        return None
    if (number := _too_long(text)) is not None:
        message = N_("line {line} of the text {source} is longer than {most} characters: it is not read")
        return say(message, line=number, source=name, most=LONGEST_LINE)
    if platform.switch and text.count("\n") > MOST_LINES:
        message = N_("the text {source} has more than {most} lines, and is not read: no switch's text has")
        return say(message, source=name, most=MOST_LINES)
    return None


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _too_long(text: str) -> int | None:
    lines = enumerate(text.split("\n"), 1)
    return next((number for number, line in lines if len(line) > LONGEST_LINE), None)
