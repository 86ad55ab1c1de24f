"""What a stand-in does wrong, if anything: a word in a file, which it reads anew for every question."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

__all__ = ["FILE", "Mood", "mood_in", "set_mood"]

FILE = "mood"


class Mood(StrEnum):
    """One fault at a time."""

    FINE = "fine"
    ERROR = "error"
    """HTTP 500."""
    FAULT = "fault"
    """A SOAP fault."""
    SLOW = "slow"
    """Six seconds for every answer."""
    CHANGED = "changed"
    """Another description of the service."""
    REFUSES = "refuses"
    """It does not believe client certificates of the office any more."""
    EXPIRED = "expired"
    """Its own certificate ended yesterday."""
    EARLY = "early"
    """Its own certificate begins tomorrow."""
    MISNAMED = "misnamed"
    """Its own certificate is another host's."""
    REVOKED = "revoked"
    """Its own certificate is revoked, say responder and list."""
    UNSAID = "unsaid"
    """The responder for revocations says nothing any more; the list does."""
    STALE = "stale"
    """The same, and the list ended yesterday."""
    UNSTAMPED = "unstamped"
    """The time-stamp authority refuses."""
    MOVED = "moved"
    """Names lead to another address."""
    UNASKED = "unasked"
    """The domain system asks nobody."""


def mood_in(folder: Path) -> Mood:
    """The mood of the stand-ins whose folder this is."""
    try:
        return Mood((folder / FILE).read_text().strip())
    except FileNotFoundError:
        return Mood.FINE


def set_mood(folder: Path, mood: Mood) -> None:
    """Change it, as a whole."""
    part = folder / f".{FILE}"
    part.write_text(mood.value)
    part.replace(folder / FILE)
