"""A section's text, line by line, and what was not understood of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from monitor.facts.model import Section
from monitor.facts.where import Where

__all__ = ["Text", "digest"]


def digest(text: str) -> str:
    """By what a text can be recognised again: SHA-256 of it as UTF-8, hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Text:
    """A text while it is being read. Lines are counted as they are shown, comments and all."""

    source: str
    text: str
    comments: str = "#"
    """What a comment begins with, each a character."""
    unknown: list[Where] = field(default_factory=list)
    _lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        # Not splitlines: a form feed or a Unicode separator inside a line begins no new one for whoever reads it.
        self._lines = self.text.split("\n")

    def where(self, line: int) -> Where:
        """A line, from 1."""
        return Where(self.source, line, self.raw(line).strip())

    def raw(self, line: int) -> str:
        """A line as it came, from 1; empty beyond the end."""
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    def lines(self, comments: str | None = None) -> Iterator[Where]:
        """Every line that says something; `comments`, where they begin otherwise than this text's."""
        for number, line in enumerate(self._lines, 1):
            said = line.strip()
            if said and said[0] not in (self.comments if comments is None else comments):
                yield Where(self.source, number, said)

    def odd(self, where: Where) -> None:
        """A line that is not understood."""
        self.unknown.append(where)

    def section(self) -> Section:
        """What is told of the whole text."""
        said = sum(1 for line in self._lines if (first := line.lstrip()[:1]) and first not in self.comments)
        return Section(self.source, digest(self.text), said, tuple(self.unknown))
