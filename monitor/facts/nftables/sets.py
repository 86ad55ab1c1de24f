"""Sets and maps: what stands between braces, beside a name or in a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.facts.nftables.tokens import Block, Statement, Token

__all__ = ["Entry", "NamedSet", "entries", "named_set"]


class Entry(NamedTuple):
    """One element: its parts (more than one in a concatenation), and what it is mapped to."""

    parts: tuple[str, ...]
    mapped: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class NamedSet:
    """A set or map of a table."""

    entries: tuple[Entry, ...]
    changes: bool
    """Packets or time change what is in it: what was read of it says little."""


def entries(tokens: Sequence[Token]) -> Iterator[Entry]:
    """The elements between two braces, which are not among the tokens."""
    words: list[Token] = []
    for token in (*tokens, (",", 0)):
        if token[0] != ",":
            words.append(token)
        elif words:
            yield _entry(words)
            words = []


def _entry(words: Sequence[Token]) -> Entry:
    plain = [word for word, _ in words]
    at = plain.index(":") if ":" in plain else len(plain)
    parts = tuple(word for word in plain[:at] if word != ".")
    return Entry(parts, tuple(plain[at + 1 :]), words[0][1])


_QUIET = frozenset({"type", "typeof", "flags", "size", "policy", "auto-merge", "comment", "counter", "gc-interval"})


def named_set(block: Block) -> tuple[NamedSet, list[Statement]]:
    """A set block, and the statements in it that were not understood."""
    found: tuple[Entry, ...] = ()
    changes, odd = False, []
    for item in block.items:
        words = [word for word, _ in item.tokens] if isinstance(item, Statement) else []
        match words:
            case ["elements", "=", "{", *_]:
                assert isinstance(item, Statement)  # noqa: S101  only statements have words
                inner = item.tokens[3:-1] if words[-1] == "}" else item.tokens[3:]
                found += tuple(entries(inner))
            case ["flags", *flags]:
                changes |= not {"dynamic", "timeout"}.isdisjoint(flags)
            case ["timeout", *_]:
                changes = True
            case [word, *_] if word in _QUIET:
                pass
            case _:
                odd.append(item if isinstance(item, Statement) else Statement(item.head or [("{", item.line)]))
    return NamedSet(found, changes or _expires(found)), odd


def _expires(found: Iterable[Entry]) -> bool:
    return any({"timeout", "expires"} & {*entry.parts, *entry.mapped} for entry in found)
