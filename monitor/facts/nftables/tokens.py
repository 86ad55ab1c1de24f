"""The words of a ruleset, and the blocks and statements they make. Never fails: what does not close is closed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Block", "Statement", "Token", "parse", "unquoted"]

Token = tuple[str, int]
"""A word and the line it stands on, from 1."""

# A colon is part of an address or a port (`fd00::1`, `10.0.0.5:80`) unless space follows it.
_TOKEN = re.compile(r'"[^"\n]*"?|#[^\n]*|\\\n|\n|[{};,]|[!<>=]=|[<>=!]|(?:[^\s{};,="#:<>!\\]|::|:(?=\S))+|:|\\')
_BLOCKS = frozenset({"table", "chain", "set", "map", "flowtable", "counter", "quota", "limit", "ct", "secmark"})


@dataclass(slots=True)
class Statement:
    """Words up to the end of a line or a semicolon; braces inside may run over many lines."""

    tokens: list[Token]

    @property
    def line(self) -> int:
        """Of its first word."""
        return self.tokens[0][1]


@dataclass(slots=True)
class Block:
    """What stands between the braces of a table, a chain or a set."""

    head: list[Token]
    items: list[Block | Statement] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Of its first word; 0 for the whole text."""
        return self.head[0][1] if self.head else 0


def unquoted(word: str) -> str:
    """A word without its quotes."""
    return word.strip('"')


def parse(text: str) -> Block:
    """The text as a tree."""
    whole = Block([])
    reader = _Tree([whole])
    line = 1
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word == "\n":
            reader.end_of_line()
            line += 1
        elif word == "\\\n":
            line += 1
        elif word[0] != "#":
            reader.take(word, line)
    reader.end()
    return whole


@dataclass(slots=True)
class _Tree:
    open: list[Block]
    words: list[Token] = field(default_factory=list)
    braces: int = 0
    """How deep in braces inside a statement."""

    def take(self, word: str, line: int) -> None:
        if word == "{":
            self._brace(line)
        elif word == "}" and not self.braces:
            self.end()
            if len(self.open) > 1:
                self.open.pop()
            else:
                self.open[0].items.append(Statement([(word, line)]))
        elif word == ";" and not self.braces:
            self.end()
        else:
            self.words.append((word, line))
            self.braces -= word == "}"

    def _brace(self, line: int) -> None:
        if self.braces or not self._opens_block():
            self.words.append(("{", line))
            self.braces += 1
            return
        block = Block(self.words)
        self.open[-1].items.append(block)
        self.open.append(block)
        self.words = []

    def _opens_block(self) -> bool:
        """A chain's rule may begin with `ct` or `limit` too: what has such words is no block."""
        depth, words = len(self.open), self.words
        if depth > 2 or not words:
            return False
        head = words[1][0] if words[0][0] in {"add", "create"} and len(words) > 1 else words[0][0]
        return head == "table" if depth == 1 else head in _BLOCKS

    def end_of_line(self) -> None:
        if not self.braces:
            self.end()

    def end(self) -> None:
        if self.words:
            self.open[-1].items.append(Statement(self.words))
        self.words, self.braces = [], 0
