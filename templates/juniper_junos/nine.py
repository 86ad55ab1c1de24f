"""Junos's `$9$` form of a secret: no encryption, only a way not to be read over a shoulder. Both directions.

Source: the published algorithm of CPAN's Crypt::Juniper, which other tools for Junos use too.
"""

from __future__ import annotations

from itertools import islice

__all__ = ["MAGIC", "hidden", "plain"]

MAGIC = "$9$"
_FAMILIES = ("QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T")
_LETTERS = "".join(_FAMILIES)
_PLACE = {letter: place for place, letter in enumerate(_LETTERS)}
_FILLING = {letter: 3 - number for number, family in enumerate(_FAMILIES) for letter in family}
"""How many letters of no meaning follow the first one."""
_WEIGHTS = ((1, 4, 32), (1, 16, 32), (1, 8, 32), (1, 64), (1, 32), (1, 4, 16, 128), (1, 32, 64))
"""What the letters of one character are worth, by its place in the secret."""


def hidden(secret: str, salt: str = "Q") -> str:
    """The secret as Junos shows it. The salt is one letter, with the filling it asks for; always the same by default.

    Characters beyond Latin-1 have no such form: ValueError.
    """
    if not secret.isascii() and max(map(ord, secret)) > 255:
        raise ValueError("a character that has no $9$ form")
    first = salt[0]
    written = first + (salt[1:] + first * 3)[: _FILLING[first]]
    before = first
    for number, character in enumerate(secret):
        rest, gaps = ord(character), []
        for weight in reversed(_WEIGHTS[number % len(_WEIGHTS)]):
            gaps.append(rest // weight)
            rest %= weight
        for gap in reversed(gaps):
            before = _LETTERS[(gap + _PLACE[before] + 1) % len(_LETTERS)]
            written += before
    return MAGIC + written


def plain(text: str) -> str | None:
    """The secret of a `$9$` form, or None where it is none."""
    if not text.startswith(MAGIC) or not (letters := text[len(MAGIC) :]) or not set(letters) <= set(_LETTERS):
        return None
    before = letters[0]
    left = iter(letters[1 + _FILLING[before] :])
    found: list[str] = []
    while piece := tuple(islice(left, len(weights := _WEIGHTS[len(found) % len(_WEIGHTS)]))):
        if len(piece) != len(weights):
            return None
        value = 0
        for letter, weight in zip(piece, weights, strict=True):
            value += ((_PLACE[letter] - _PLACE[before]) % len(_LETTERS) - 1) * weight
            before = letter
        found.append(chr(value % 256))
    return "".join(found)
