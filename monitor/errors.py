"""What can go wrong while a device is followed or asked; each becomes a reading with its reason."""

from __future__ import annotations

from enum import StrEnum

from inventory.errors import DriverError
from inventory.sentence import Sentence

__all__ = ["Flaw", "NonsenseError", "RefusalError", "SilenceError"]


class Flaw(StrEnum):
    """What is wrong with an answer that is not taken."""

    MALFORMED = "malformed"
    """It breaks the protocol."""
    UNASKED = "unasked"
    """It answers no question of ours: another one, or one that was over."""
    STRANGER = "stranger"
    """It comes from an address that nobody expects it of."""
    UNPROVEN = "unproven"
    """It is not signed, or by nobody who may."""
    ENDLESS = "endless"
    """It leads in a circle."""
    TOO_MUCH = "too_much"
    """It is longer than is taken, or one of too many."""


class NonsenseError(DriverError):
    """A device answered what the protocol does not know, or more than it may."""

    def __init__(self, text: str | Sentence, flaw: Flaw | None = Flaw.MALFORMED) -> None:
        """`flaw` is None where the answer itself is as it should be, and only says no."""
        super().__init__(text)
        self.flaw = flaw


class RefusalError(DriverError):
    """A device answers, and does not take what we prove ourselves with."""


class SilenceError(DriverError):
    """A device ended what it was saying, or did not answer in time."""
