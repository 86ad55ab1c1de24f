"""Durable work without an engine: what was done is kept in a dictionary, and a crash comes when it is told to."""

from __future__ import annotations

from collections.abc import Callable

from api.work.script import LetGo

__all__ = ["Kept"]


class Kept:
    """An `Once` that outlives its own crashes: raised before the thing is done, or after, before it is written down."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.crashes: list[tuple[int, bool]] = []
        """(Step, before it is done): each once, the next one first."""
        self._at = 0

    def again(self) -> None:
        """The next call is the work's first again."""
        self._at = 0

    def __call__(self, name: str, do: Callable[[], str]) -> str:
        at, self._at = self._at, self._at + 1
        if at < len(self.done):
            kept, result = self.done[at]
            assert kept == name, "the work took another way than before the crash"
            return result
        if self.crashes and self.crashes[0][0] <= at:
            if not self.crashes.pop(0)[1]:
                do()
            raise LetGo
        self.done.append((name, do()))
        return self.done[-1][1]
