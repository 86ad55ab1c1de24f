"""Looks for the longest packet that goes through, whatever tells of it: answers, refusals, silence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

__all__ = ["Attempt", "Fate", "Found", "Tried", "search"]


class Fate(StrEnum):
    """What became of packets of one length."""

    ANSWERED = "answered"
    LOST = "lost"
    """Each of them, without a word."""
    TOLD = "told"
    """Somebody on the way says that it is too long (RFC 792, RFC 1191)."""
    REFUSED = "refused"
    """This machine does not send it: which says nothing of the way."""
    UNSENT = "unsent"
    """This machine has no way there at all."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Packets of one length. `mtu` and `by`: what somebody says, and who says it."""

    fate: Fate
    mtu: int | None = None
    by: IPv4Address | None = None


Attempt = Callable[[int], Awaitable[Tried]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to."""

    size: int | None
    """The longest that was answered; None where even the shortest was not."""
    beyond: Tried
    """What became of one byte more; ANSWERED where none longer was tried."""


async def search(attempt: Attempt, low: int, high: int, likely: int) -> Found:
    """The longest of `low` to `high` that is answered. What is `likely`, or said on the way, is tried first.

    What somebody says is only a hint: it is believed when it is tried.
    """
    first = await attempt(low)
    if first.fate is not Fate.ANSWERED:
        return Found(None, first)
    good, bad, beyond = low, high + 1, Tried(Fate.ANSWERED)
    hints = [high, likely, likely + 1]
    while bad - good > 1:
        size = next((hint for hint in hints if good < hint < bad), (good + bad) // 2)
        tried = await attempt(size)
        if tried.fate is Fate.ANSWERED:
            good = size
            continue
        bad, beyond = size, tried
        if tried.mtu is not None:
            hints = [tried.mtu, tried.mtu + 1, *hints]
    return Found(good, beyond)
