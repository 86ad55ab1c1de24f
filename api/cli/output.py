"""What a command says: lines for people, or one JSON object for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Output"]


class Output:
    """Collects nothing and hides nothing: text goes out as it comes; with `json` only the final object does."""

    def __init__(self, *, as_json: bool) -> None:
        """With `as_json` the lines for people are left out."""
        self._as_json = as_json
        self._console: Console | None = None

    def line(self, text: str = "", style: str = "") -> None:
        """One line on standard output, styled where there is a terminal."""
        if self._as_json:
            return
        if style and sys.stdout.isatty():
            self._rich().print(text, style=style, markup=False, highlight=False, soft_wrap=True)
        else:
            print(text, flush=True)  # noqa: T201  the one place where lines are printed

    def problem(self, text: str) -> None:
        """One line on standard error; also under `--json`, so that nobody misses it."""
        print(text, file=sys.stderr, flush=True)  # noqa: T201

    def result(self, value: Mapping[str, object]) -> None:
        """The object `--json` prints; nothing otherwise."""
        if self._as_json:
            print(json.dumps(value, ensure_ascii=False, indent=2, default=str))  # noqa: T201

    def diff(self, text: str) -> None:
        """A unified diff, coloured where there is a terminal."""
        for row in text.splitlines():
            style = {"+": "green", "-": "red", "@": "cyan"}.get(row[:1], "")
            self.line(row, style)

    def _rich(self) -> Console:
        if self._console is None:
            from rich.console import Console

            self._console = Console()
        return self._console
