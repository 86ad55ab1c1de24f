"""Junos's text as two of them can be compared, and with its secrets replaced.

Three kinds of secrets: hashes, which Junos shows as they were set; `$9$`, salted anew each time it is set, written here
with one salt for all; and SNMPv3 keys, which Junos binds to its engine when they are set (Juniper: "The password is
then converted into a key"), so that nobody can compare them: they are left out of the comparison.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from templates.juniper_junos.nine import MAGIC, hidden, plain
from templates.juniper_junos.text import Configuration, Path, Statement, configuration, line

__all__ = ["BOUND", "Kept", "kept", "masked", "normal", "ordered", "same"]

BOUND = "bound-to-the-engine"
"""Stands for an SNMPv3 key."""

_OBSCURED = frozenset({"ascii-text", "simple-password", "community-name"})
_MARKED = re.compile(r"@secret\{|<secret:")
_SCHEME = re.compile(r"\$[A-Za-z0-9]+\$")
_WORD = re.compile(r'"(?:[^"\\]|\\.)*"?|[^\s"]+')
_RANKED = frozenset(
    {
        "accounting-order",
        "apply-groups",
        "apply-groups-except",
        "authentication-order",
        "authentication-server",
        "export",
        "import",
        "input-list",
        "name-server",
        "output-list",
        "policy",
        "radius-server",
        "rule",
        "tacplus-server",
        "term",
    }
)
"""What is behind these is asked in the order written; everything else has no order."""
_FIRST = ("version", "groups", "apply-groups", "system", "chassis", "interfaces", "snmp", "routing-options")


class Kept(StrEnum):
    """How a secret stands in a text."""

    HASH = "hash"
    OBSCURED = "obscured"
    BOUND = "bound"
    CLEAR = "clear"


def kept(words: Sequence[str]) -> tuple[int, Kept] | None:
    """Where in a statement a secret stands, and how it is kept; None without one."""
    for at in range(1, len(words)):
        word, before = words[at], words[at - 1]
        if before in {"encrypted-password", "plain-text-password-value"}:
            return at, Kept.HASH
        if "usm" in words[:at] and before.endswith(("-key", "-password")) and at > 1:
            return at, Kept.BOUND
        if before in _OBSCURED or word.startswith((MAGIC, "$8$")) or _key(words, at):
            return at, Kept.OBSCURED
        if before == "community" and ("snmp" in words[:at] or at == 1):
            return at, Kept.CLEAR
        if _SCHEME.match(word) and len(word) > 12:
            return at, Kept.HASH
    return None


def _key(words: Sequence[str], at: int) -> bool:
    """A server's secret, a key of NTP (`value`) or of a routing protocol (`authentication-key`, `md5 1 key`)."""
    before = words[at - 1]
    if before == "secret":
        # With braces the server stands on a line above.
        return at == 1 or any(word.endswith("server") for word in words[: at - 1])
    if before == "value":
        return "authentication-key" in words[:at]
    if before == "key":
        return "md5" in words[:at] or "authentication-key-chains" in words[:at]
    return before == "authentication-key" and "ntp" not in words[:at]


def same(words: Path) -> Path:
    """A statement as it can be compared with another: `$9$` with one salt, SNMPv3 keys left out."""
    found = kept(words)
    if found is None:
        return words
    at, how = found
    if how is Kept.BOUND:
        keyword = words[at - 1].replace("-password", "-key")
        return (*words[: at - 1], keyword, BOUND, *words[at + 1 :])
    if how is Kept.OBSCURED:
        return (*words[:at], _salted(words[at]), *words[at + 1 :])
    return words


def _salted(word: str) -> str:
    if _MARKED.search(word):
        return word
    secret = plain(word) if word.startswith(MAGIC) else word
    if secret is None or secret.startswith("$"):
        return word
    try:
        return hidden(secret)
    except ValueError:
        return word


def ordered(statements: Iterable[Statement]) -> list[Path]:
    """Statements as they can be compared, each once, in an order that means nothing where order means nothing."""
    paths = list(dict.fromkeys(same(each.words) for each in statements))
    ranks: dict[Path, int] = {}
    for path in paths:
        for at in range(1, len(path)):
            if path[at - 1] in _RANKED:
                ranks.setdefault(path[: at + 1], len(ranks))
    return sorted(paths, key=lambda path: _place(path, ranks))


def _place(path: Path, ranks: dict[Path, int]) -> list[tuple[int, tuple[tuple[int, int, str], ...]]]:
    top = _FIRST.index(path[0]) if path[0] in _FIRST else len(_FIRST)
    key: list[tuple[int, tuple[tuple[int, int, str], ...]]] = [(top, ())]
    for at, word in enumerate(path):
        rank = ranks.get(path[: at + 1]) if at and path[at - 1] in _RANKED else None
        key.append((-1, ((0, rank, ""),)) if rank is not None else (0, _natural(word)))
    return key


def _natural(word: str) -> tuple[tuple[int, int, str], ...]:
    parts = re.split(r"([0-9]+)", word)
    return tuple((0, int(part[:18]), part) if part.isdecimal() else (1, 0, part) for part in parts if part)


def normal(text: str) -> str:
    """`set` lines in a settled order, whichever form the text had; lines that are none of Junos's stay, at the end."""
    read = configuration(text)
    lines = [line(path) for path in ordered(read.statements)]
    lines += sorted({line(each.words, "deactivate") for each in read.inactive})
    return "".join(f"{each}\n" for each in [*lines, *_rest(text, read)])


def _rest(text: str, read: Configuration) -> list[str]:
    if not read.odd:
        return []
    rows = text.split("\n")
    return [rows[number - 1].strip() for number in read.odd if number <= len(rows)]


def masked(text: str, mark: Callable[[str], str]) -> str:
    """Each secret replaced by its mark; how it is kept (`$6$`, `$9$`) stays to be seen."""
    return "".join(_masked(row, mark) for row in text.splitlines(keepends=True))


def _masked(row: str, mark: Callable[[str], str]) -> str:
    spans = [match.span() for match in _WORD.finditer(row)]
    words = [row[begin:end].rstrip(";").strip('"') for begin, end in spans]
    found = kept(words)
    if found is None or not (secret := words[found[0]]) or secret == BOUND or _MARKED.search(secret):
        return row
    begin, end = spans[found[0]]
    scheme = _SCHEME.match(secret)
    shown = plain(secret) if secret.startswith(MAGIC) else None
    word = f"{scheme[0] if scheme else ''}{mark(secret if shown is None else shown)}"
    tail = ";" if row[begin:end].endswith(";") else ""
    return f'{row[:begin]}"{word}"{tail}{row[end:]}'
