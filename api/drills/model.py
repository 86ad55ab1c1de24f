"""A drill as it lies in the ledger."""

from __future__ import annotations

import datetime as dt

from inventory.model.base import Value
from inventory.sentence import Sentence

__all__ = ["Drill", "Listening"]


class Listening(Value):
    """What one end of the tunnel heard on its lines while it was down."""

    device: str
    silent: bool
    """Whether it is proven that nothing left in clear there."""
    why: Sentence


class Drill(Value):
    """The last drill of a tunnel; the audit has all of them. Its key is the tunnel's name."""

    tunnel: str
    plan: str
    at: dt.datetime
    passed: bool
    said: Sentence
    tried: int
    """So many packets were sent at the far end while the tunnel was down."""
    ends: tuple[Listening, ...] = ()
