"""A place in the words of a rule, and what has been read of it so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.facts.nftables.draft import Draft
from monitor.facts.nftables.sets import NamedSet
from monitor.facts.nftables.tokens import Token
from monitor.facts.where import Where

__all__ = ["Reader"]


@dataclass(slots=True)
class Reader:
    """A place in the words of a rule."""

    tokens: Sequence[Token]
    sets: Mapping[str, NamedSet]
    where: Callable[[int], Where]
    at: int = 0
    draft: Draft = field(default_factory=Draft)

    def peek(self) -> str:
        """The word that comes, or nothing."""
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        """The word that comes, which is behind us then."""
        word = self.peek()
        self.at += 1
        return word

    def has(self, word: str) -> bool:
        """Take this word if it comes."""
        if self.peek() != word:
            return False
        self.at += 1
        return True

    @property
    def line(self) -> int:
        """Of the last word taken."""
        return self.tokens[max(0, min(self.at, len(self.tokens)) - 1)][1]

    def braces(self) -> Sequence[Token]:
        """What stands between the brace that comes and its fellow."""
        self.at += 1
        start, depth = self.at, 1
        while self.at < len(self.tokens):
            depth += {"{": 1, "}": -1}.get(self.tokens[self.at][0], 0)
            self.at += 1
            if not depth:
                return self.tokens[start : self.at - 1]
        return self.tokens[start:]

    def text(self, start: int) -> str:
        """The words from a place up to here."""
        return " ".join(word for word, _ in self.tokens[start : self.at])
