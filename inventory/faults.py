"""What is wrong with an inventory, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Fault", "Severity"]


class Severity(StrEnum):
    """How much a fault stops."""

    ERROR = "error"
    """Bad input: nothing is rendered."""
    WARNING = "warning"
    """A finding: somebody should act, and everything still works."""
    NOTE = "note"
    """Good to know."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `line` is 0 and `key` empty where a whole file or folder is meant."""

    file: str
    line: int
    key: str
    severity: Severity
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, self.message) if part)
