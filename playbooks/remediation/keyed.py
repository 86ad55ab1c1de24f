"""Lines with keys that nobody can compare: they are typed again with everything else, as they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

__all__ = ["keyed", "whole"]


def keyed(text: str, keyless: Callable[[str], str], plain: Callable[[str], str] = str) -> dict[str, str]:
    """The outermost lines of a text that hold a key: without it -> with it. `plain`: one way of writing them."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        said = " ".join(line.split())
        bare = keyless(plain(said))
        if said and bare != plain(said) and not line.startswith((" ", "\t")):
            found[bare] = said
    return found


def whole(lines: Iterable[str], keys: dict[str, str], opens: re.Pattern[str]) -> Iterator[str]:
    """What is typed, with the keys in it; the keys that are in no line of it follow. Nothing to type: nothing follows.

    `opens`: lines that lead into a section. One that nothing stands under is left again at once.
    """
    waiting = dict(keys)
    last = ""
    for line in lines:
        if last and not line.startswith(" ") and opens.match(last):
            yield " exit"
        yield waiting.pop(line, line)
        last = line
    if last and not last.startswith(" ") and opens.match(last):
        yield " exit"
    if last:
        yield from waiting.values()
