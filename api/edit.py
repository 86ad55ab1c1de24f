"""A change of one file of the inventory, before it is made: what is shown to whoever has to agree."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Edit"]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one file of the inventory. `before` is None where the file is new."""

    folder: Path
    name: str
    before: str | None
    after: str

    @property
    def diff(self) -> str:
        """As a unified diff."""
        old = (self.before or "").splitlines(keepends=True)
        lines = difflib.unified_diff(old, self.after.splitlines(keepends=True), self.name, self.name, n=2)
        return "".join(lines)
