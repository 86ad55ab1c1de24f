"""A switch's text while its lines are gone through once: each to whom its first word belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TypeVar

from monitor.facts.indent import Block, torn, unread
from monitor.facts.model import Facts, Section
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where

__all__ = ["Draft", "Readers", "Spans", "doubted", "joined", "read_lines"]

_Value = TypeVar("_Value")
Spans = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Draft:
    """What has been found so far: lines by what they say, and the text they are of."""

    text: Text
    said: dict[str, list[Block]] = field(default_factory=dict)
    """By the name a reader gives it."""

    def where(self, block: Block) -> Where:
        """A line."""
        return self.text.where(block.number)

    def fact(self, block: Block, value: _Value) -> Fact[_Value]:
        """Something a line says."""
        return Fact(value, self.where(block))

    def silent(self, value: _Value) -> Fact[_Value]:
        """What holds because no line says otherwise: the maker's default, told at the line of the hostname."""
        holder = self.first("hostname")
        return Fact(value, Where(self.text.source, 1, "") if holder is None else self.where(holder))

    def keep(self, name: str, block: Block) -> None:
        """Understood, and of matter."""
        block.read = True
        self.said.setdefault(name, []).append(block)

    def first(self, name: str) -> Block | None:
        """The first line of that name."""
        found = self.said.get(name)
        return found[0] if found else None

    def last(self, name: str) -> Block | None:
        """The one that holds where a later one replaces it."""
        found = self.said.get(name)
        return found[-1] if found else None

    def all(self, name: str) -> list[Block]:
        """Every line of that name."""
        return self.said.get(name, [])

    def flag(self, name: str, *, default: bool) -> Fact[bool]:
        """Whether `name` or `no NAME` was said last."""
        yes, no = self.last(name), self.last(f"no {name}")
        if yes is None and no is None:
            return self.silent(default)
        held = yes is not None and (no is None or yes.number > no.number)
        block = yes if held else no
        return self.silent(default) if block is None else self.fact(block, held)

    def section(self, top: list[Block]) -> Section:
        """What is told of the whole text; lines nobody understood are counted."""
        for where in unread(self.text, top):
            self.text.odd(where)
        return self.text.section()


Readers = Mapping[str, Callable[[Draft, Block, list[str]], None]]
"""First word of a line -> who looks at it: the draft, the line, its words (without a leading `no`)."""


def read_lines(draft: Draft, top: Iterable[Block], readers: Readers, known: frozenset[str]) -> None:
    """Each outermost line once. `known`: first words of lines that are of no matter, nor what stands under them."""
    for block in top:
        words = block.text.split(" ")
        if words[0] == "no" and len(words) > 1:
            del words[0]
        if (reader := readers.get(words[0])) is not None:
            reader(draft, block, words)
        if not block.read and words[0] in known:
            _whole(block)


def doubted(found: Facts, top: Sequence[Block], parts: Mapping[str, AbstractSet[str]]) -> Facts:
    """Without the parts of which a line was not understood: it may say the opposite of all that was.

    `parts`: a field of the switch's facts -> first words of lines.
    """
    words = {
        block.text.removeprefix("no ").partition(" ")[0]
        for block in top
        if not block.read or not all(child.read for child in block.children)
    }
    if not words or found.switch is None:
        return found
    gone = {field: None for field, mine in parts.items() if mine & words}
    if "banner" in words:
        gone["banner"] = None
    if torn(top):
        gone["ports"] = None
    switch = replace(found.switch, **gone, **({"banner_known": False} if "banner" in words else {}))  # type: ignore[arg-type]  # fields by name
    return replace(
        found,
        switch=switch,
        snmp=None if words & {"snmp-server", "snmpv3"} else found.snmp,
        logging=None if "logging" in words else found.logging,
        timing=None if words & {"ntp", "sntp", "timesync"} else found.timing,
        ssh=None if "ssh" in words else found.ssh,
    )


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """Ranges that touch as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _whole(block: Block) -> None:
    waiting = [block]
    while waiting:
        one = waiting.pop()
        one.read = True
        waiting += one.children
