"""Secrets in the lines of a switch, replaced where its platform's commands have them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Secrets"]

_MARKED = re.compile(r"<secret:[0-9a-f]+>")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Where a platform's lines have secrets."""

    perhaps: re.Pattern[str]
    """Finds something in every line that can have one; the others are not looked at any further."""
    commands: tuple[re.Pattern[str], ...]
    """The first that fits a line decides: its groups `one` and `two` are secrets."""
    none: frozenset[str] = frozenset()
    """Words that stand in such a place and are none."""

    def masked(self, text: str, mark: Callable[[str], str]) -> str:
        """The text with each secret replaced. What is masked already stays."""
        return "\n".join(self._line(line, mark) if self.perhaps.search(line) else line for line in text.split("\n"))

    def _line(self, line: str, mark: Callable[[str], str]) -> str:
        match = next((found for command in self.commands if (found := command.match(line)) is not None), None)
        if match is None:
            return line
        for group in sorted((name for name, found in match.groupdict().items() if found is not None), reverse=True):
            word = match[group].rstrip()
            if word not in self.none and not _MARKED.fullmatch(word):
                line = line[: match.start(group)] + mark(word) + line[match.start(group) + len(word) :]
        return line
