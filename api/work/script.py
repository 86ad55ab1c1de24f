"""What a durable piece of work is written against, whoever makes it durable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

__all__ = ["LetGo", "Once"]


class LetGo(BaseException):
    """This process can go on with a piece of work no longer: it ends, or the engine's database is gone.

    No Exception, so that nobody takes it for the work's own failure: the work is gone on with later, from what has been
    written down of it.
    """


class Once(Protocol):
    """Does a thing and writes down what came of it; after a crash it gives what was written instead.

    What was in flight is done again. Names must come in the same order each time.
    """

    def __call__(self, name: str, do: Callable[[], str]) -> str:
        """What came of it, now or before the crash."""
        ...
