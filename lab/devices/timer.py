"""The timer that takes an unconfirmed change back, as the devices have it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["RevertTimer"]


@dataclass(slots=True)
class RevertTimer:
    """One at a time. It runs whether anybody is logged in or not."""

    scale: float = 1.0
    """Seconds of the clock for one of the device's: tests let minutes pass quickly."""
    user: str = ""
    seconds: float = 0.0
    """What was asked for, in the device's seconds."""
    _due: float = 0.0
    _back: Callable[[], None] | None = field(default=None, repr=False)
    _handle: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def pending(self) -> bool:
        """Whether it runs."""
        return self._handle is not None

    @property
    def left(self) -> float:
        """The device's seconds until it fires."""
        return max(0.0, self._due - time.monotonic()) / self.scale if self.pending else 0.0

    def arm(self, seconds: float, back: Callable[[], None], user: str = "") -> None:
        """Set it anew; `back` is called once, when it fires or when `fire` is called."""
        self.disarm()
        self.seconds, self.user, self._back = seconds, user, back
        self._due = time.monotonic() + seconds * self.scale
        self._handle = asyncio.get_running_loop().call_later(seconds * self.scale, self.fire)

    def disarm(self) -> None:
        """Stop it: what was done stays."""
        if self._handle is not None:
            self._handle.cancel()
        self._handle, self._back = None, None

    def fire(self) -> None:
        """Take back now."""
        back = self._back
        self.disarm()
        if back is not None:
            back()
