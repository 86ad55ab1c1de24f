"""Passwords of type 7: hidden from a glance, from nobody who wants to know them.

The text is combined with a key that every device has, from a place in it that is told by the first two digits; known
in public since 1995, not verified on a device.
"""

from __future__ import annotations

import re

__all__ = ["hidden", "shown"]

_KEY = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_FORM = re.compile(r"(\d\d)((?:[0-9A-Fa-f]{2})+)")


def shown(word: str) -> str | None:
    """What was hidden, or None for what is no such word."""
    match = _FORM.fullmatch(word)
    if match is None or int(match[1]) >= len(_KEY):
        return None
    place, said = int(match[1]), bytes.fromhex(match[2])
    clear = bytes(byte ^ _KEY[(place + number) % len(_KEY)] for number, byte in enumerate(said))
    return clear.decode("ascii") if clear.isascii() and clear.decode("ascii").isprintable() else None


def hidden(clear: str, place: int) -> str:
    """A printable ASCII text, hidden from that place of the key on, 0 to 15."""
    said = clear.encode("ascii")
    return f"{place:02d}" + "".join(f"{byte ^ _KEY[(place + n) % len(_KEY)]:02X}" for n, byte in enumerate(said))
