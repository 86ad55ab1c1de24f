"""A text of AOS-CX taken apart: its banners, and its lines; and the keys in it that nobody can compare."""

from __future__ import annotations

import re

from templates.switch.banner import Banner, Closed, Divided, apart
from templates.switch.spans import numbers

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


def divided(text: str) -> Divided:
    """Take the banners out: each ends at the next line with its sign."""
    never: set[str] = set()

    def closing(opening: re.Match[str]) -> Closed | None:
        sign = opening[2]
        if sign in never:
            return None
        end = re.compile(rf"^{re.escape(sign)}[ \t]*$", re.MULTILINE).search(text, opening.end() + 1)
        if end is None:
            never.add(sign)
            return None
        said = text[opening.end() + 1 : end.start()].split("\n")[:-1]
        return Closed(tuple(line.rstrip() for line in said), end.start(), end.end())

    return apart(text, _OPENS, closing)


def keyless(line: str) -> str:
    """A line without the keys in it, a star for each; any other line as it is."""
    if " key" not in line and "-key" not in line and "-pass" not in line:
        return line
    for pattern, instead in _KEYS:
        if (match := pattern.fullmatch(line)) is not None:
            return match.expand(instead)
    return line
