"""A text of IOS while it is read: its lines by their first words, and which of them somebody has understood."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.facts.cisco_ios.spelling import spell_out
from monitor.facts.indent import Block, blocks, numbered
from monitor.facts.text import Text
from monitor.facts.where import Fact, Where
from templates.cisco_ios.banner import Banner, divided

__all__ = ["Page"]


class Page:
    """One text."""

    def __init__(self, text: Text) -> None:
        self.text = text
        parted = divided(text.text.replace("\r", ""))
        self.banners: tuple[Banner, ...] = parted.banners
        self.top = blocks(numbered(parted.text))
        spell_out(self.top)
        self._first: dict[str, list[Block]] = {}
        for block in self.top:
            self._first.setdefault(block.text.partition(" ")[0], []).append(block)

        self.hides = self.said("service password-encryption") is not None
        """Whether the device was told to hide passwords from a glance."""

    @property
    def source(self) -> str:
        """The text's name."""
        return self.text.source

    def where(self, block: Block) -> Where:
        """A line of it."""
        return self.text.where(block.number)

    def anywhere(self) -> Where:
        """For what no line says: the hostname's, as the line that holds the whole."""
        holder = next(iter(self._first.get("hostname", self.top)), None)
        return self.where(holder) if holder is not None else Where(self.source, 1, "")

    def fact(self, block: Block, value: str) -> Fact[str]:
        """A word of a line."""
        return Fact(value, self.where(block))

    def beginning(self, words: str) -> Iterator[Block]:
        """The outermost lines that begin with these words."""
        more = f"{words} "
        for block in self._first.get(words.partition(" ")[0], ()):
            if block.text.startswith(more) or block.text == words:
                yield block

    def matching(self, words: str, pattern: re.Pattern[str]) -> Iterator[tuple[Block, re.Match[str]]]:
        """Those of them that a pattern fits as a whole: these are understood."""
        for block in self.beginning(words):
            if (match := pattern.fullmatch(block.text)) is not None:
                block.read = True
                yield block, match

    def said(self, line: str) -> Block | None:
        """Exactly this outermost line, understood; the last one where it stands twice."""
        found = None
        for block in self._first.get(line.partition(" ")[0], ()):
            if block.text == line:
                block.read = True
                found = block
        return found

    def either(self, line: str) -> Fact[bool] | None:
        """Whether a line is there or its `no`; None: neither."""
        yes, no = self.said(line), self.said(f"no {line}")
        if yes is not None and (no is None or no.number < yes.number):
            return Fact(True, self.where(yes))
        return Fact(False, self.where(no)) if no is not None else None
