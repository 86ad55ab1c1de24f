"""What can go wrong while a gateway is followed; each becomes a reading with its reason."""

from __future__ import annotations

from inventory.errors import DriverError

__all__ = ["NonsenseError", "SilenceError"]


class NonsenseError(DriverError):
    """A device answered what the protocol does not know, or more than it may."""


class SilenceError(DriverError):
    """A device ended what it was saying, or did not answer in time."""
