"""A text of AOS-CX taken apart: its banners, and its lines; and the keys in it that nobody can compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from templates.switch.opening import first_from

__all__ = ["Banner", "Divided", "divided", "keyless", "numbers"]

_OPENS = re.compile(r"^[ \t]*banner[ \t]+(motd|exec)[ \t]+(\S)[ \t]*$", re.MULTILINE)
"""Aruba, "AOS-CX Fundamentals Guide", `banner`: text between two lines that hold the writer's sign and nothing else."""
_HIDDEN = r"(?:(?:plaintext|ciphertext) )?\S+"
_KEYS = (
    (re.compile(rf"((?:radius|tacacs)-server (?:host \S+ )?key) {_HIDDEN}(.*)"), r"\1 *\2"),
    (re.compile(rf"(ntp authentication-key \d+ \S+) {_HIDDEN}( trusted)?"), r"\1 *\2"),
    (
        re.compile(rf"(snmpv3 user \S+ auth \S+ auth-pass) {_HIDDEN}( priv \S+ priv-pass) {_HIDDEN}(.*)"),
        r"\1 *\2 *\3",
    ),
)
"""Shown as `ciphertext`, encrypted anew whenever they are typed (Aruba, "AOS-CX SNMP/MIB Guide", 10.07: example of
`snmpv3 user`), so two of them cannot be compared."""
_MOST = 4094
_LONGEST = 19
"""Signs of a span of VLANs, leading zeros and all."""


@dataclass(frozen=True, slots=True)
class Banner:
    """One of them."""

    kind: str
    """`motd`: before somebody logs in; `exec`: after it."""
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
    if "banner" not in text:
        return Divided(text, ())
    kept: list[str] = []
    banners: list[Banner] = []
    never: set[str] = set()
    at, number = 0, 1
    while (opening := first_from(_OPENS, text, at)) is not None:
        sign = opening[2]
        end = None if sign in never else re.compile(rf"^{re.escape(sign)}[ \t]*$", re.MULTILINE).search(
            text, opening.end() + 1
        )  # fmt: skip
        if end is None:
            never.add(sign)
            kept.append(text[at : opening.end()])
            number += text.count("\n", at, opening.end())
            at = opening.end()
            continue
        number += text.count("\n", at, opening.start())
        said = text[opening.end() + 1 : end.start()].split("\n")[:-1]
        banners.append(Banner(opening[1], tuple(line.rstrip() for line in said), number))
        height = text.count("\n", opening.start(), end.start())
        kept += (text[at : opening.start()], "\n" * height)
        number += height
        at = end.end()
    kept.append(text[at:])
    return Divided("".join(kept), tuple(banners))


def keyless(line: str) -> str:
    """A line without the keys in it, a star for each; any other line as it is."""
    if " key" not in line and "-key" not in line and "-pass" not in line:
        return line
    for pattern, instead in _KEYS:
        if (match := pattern.fullmatch(line)) is not None:
            return match.expand(instead)
    return line


def numbers(text: str) -> Iterator[int]:
    """`10,20-22`; what is no number is passed over."""
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first.isdecimal() and (last.isdecimal() or not last) and len(part) <= _LONGEST:
            yield from range(min(int(first), _MOST + 1), min(int(last or first), _MOST) + 1)
