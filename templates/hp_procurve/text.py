"""A text of ArubaOS-Switch taken apart: its banner, its lines, its lists of ports; and the keys nobody can compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from templates.switch import spans
from templates.switch.banner import Banner, Closed, Divided, apart

__all__ = ["Banner", "Divided", "divided", "keyless", "listed", "numbers", "ports", "unquoted"]

_BANNER = re.compile(r'^[ \t]*banner[ \t]+(motd|exec|last-login)[ \t]+"', re.MULTILINE)
_QUOTED = re.compile(r'"([A-Za-z0-9][A-Za-z0-9._:/@+-]*)"')
_KEYS = (
    (re.compile(r"((?:radius|tacacs)-server (?:host \S+ )?)(?:encrypted-)?key \S+(.*)"), r"\1key *\2"),
    (
        re.compile(
            r"((?:s?ntp) authentication key-id \d+ authentication-mode \S+) (?:key-value|encrypted-key) \S+(.*)"
        ),
        r"\1 key-value *\2",
    ),
    (re.compile(r"(snmpv3 user \S+ auth \S+) \S+( priv (?:aes|des)) \S+(.*)"), r"\1 *\2 *\3"),
    (re.compile(r"(snmpv3 user \S+ auth \S+) \S+"), r"\1 *"),
)
"""With `encrypt-credentials` keys are shown encrypted, and those of SNMPv3 are hashed with the device's own engine ID
(HPE, "ArubaOS-Switch Access Security Guide" 16.07, SNMP security credentials), so two of them cannot be compared."""
_SPAN = re.compile(r"([A-Za-z]*|\d+/[A-Za-z]*)(\d{1,4})(?:-(?:\1)?(\d{1,4}))?")
_SHORT = 16
"""Signs of a list of ports that is kept in mind."""


def divided(text: str) -> Divided:
    """Take the banners out, and join lines that end in a backslash. A banner that never ends is none.

    A text shows a banner in quotes, its line ends as `\\n` (HPE, "ArubaOS-Switch Basic Operation Guide", login banner);
    line ends inside the quotes are taken for line ends, too.
    """
    whole = _joined(text)

    def closing(opening: re.Match[str]) -> Closed | None:
        end = whole.find('"', opening.end())
        if end < 0:
            return None
        said = whole[opening.end() : end].replace("\\n", "\n").strip("\n").split("\n")
        line_end = whole.find("\n", end)
        return Closed(tuple(line.rstrip() for line in said), end, len(whole) if line_end < 0 else line_end)

    return apart(whole, _BANNER, closing)


def _joined(text: str) -> str:
    """Continued lines as one, with as many blank lines behind it as it was continued on."""
    if "\\\n" not in text:
        return text
    lines: list[str] = []
    blank = 0
    open_ = False
    for line in text.split("\n"):
        if open_:
            lines[-1] += line.lstrip(" ")
            blank += 1
        else:
            lines += [""] * blank
            blank = 0
            lines.append(line)
        open_ = lines[-1].endswith("\\")
        if open_:
            lines[-1] = lines[-1][:-1]
    lines += [""] * blank
    return "\n".join(lines)


def unquoted(line: str) -> str:
    """Without quotes around what is one plain word."""
    return _QUOTED.sub(r"\1", line) if '"' in line else line


def keyless(line: str) -> str:
    """A line without the keys in it, a star for each; any other line as it is."""
    if "key" not in line and "snmpv3 user" not in line:
        return line
    for pattern, instead in _KEYS:
        if (match := pattern.fullmatch(line)) is not None:
            return match.expand(instead)
    return line


def ports(text: str) -> tuple[str, ...] | None:
    """`1-4,A1-A3,2/1-2/8,Trk1`, each by itself; None for what is no list of ports."""
    if text.isdecimal() and text.isascii():
        return (text,)
    # A text names each of its ports several times, most times alone.
    return _few(text) if len(text) <= _SHORT and "-" not in text else _listed(text)


@lru_cache(maxsize=2048)
def _few(text: str) -> tuple[str, ...] | None:
    return _listed(text)


def _listed(text: str) -> tuple[str, ...] | None:
    found: list[str] = []
    for part in text.split(","):
        match = _SPAN.fullmatch(part)
        if match is None or (match[3] is not None and int(match[3]) < int(match[2])):
            return None
        found += [f"{match[1]}{number}" for number in range(int(match[2]), int(match[3] or match[2]) + 1)]
    return tuple(found)


def listed(names: list[str]) -> str:
    """The same back: neighbours as spans."""
    said: list[tuple[str, int, int]] = []
    for name in names:
        match = _SPAN.fullmatch(name)
        head, number = (match[1], int(match[2])) if match is not None else (name, 0)
        if said and said[-1][0] == head and said[-1][2] == number - 1:
            said[-1] = (head, said[-1][1], number)
        else:
            said.append((head, number, number))
    return ",".join(f"{head}{one}" if one == last else f"{head}{one}-{head}{last}" for head, one, last in said)


def numbers(words: list[str]) -> Iterator[int]:
    """VLANs: `10-11 16 19,20`; what is no number is passed over."""
    return spans.numbers(",".join(words))
