"""What a followed gateway is heard through: bytes that come and go, one line or one packet at a time."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Stream"]


class Stream(Protocol):
    """Bytes both ways to a program on a device; `inventory.access.open_stream` opens one."""

    async def read(self, n: int) -> bytes:
        """At most `n` bytes as soon as there are any; nothing at the end."""
        ...

    async def write(self, data: bytes) -> None:
        """Send all of it."""
        ...
