"""A clock on the wall that can be set, for a process of a test: nobody sets the machine's."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field

from tests.api.work.plans import NOW

__all__ = ["Wall"]


@dataclass
class Wall:
    """Begins at `NOW` and goes on as time does, but for the seconds it was set ahead, or back."""

    ahead_s: float = 0.0
    _begun: float = field(default_factory=time.monotonic)

    def __call__(self) -> dt.datetime:
        return NOW + dt.timedelta(seconds=time.monotonic() - self._begun + self.ahead_s)

    def hang_up(self) -> None:
        """The engine asks Python itself what time it is: in this process it is told the same."""
        real = time.time
        setattr(time, "time", lambda: real() + self.ahead_s)  # noqa: B010  a function is not assigned to
