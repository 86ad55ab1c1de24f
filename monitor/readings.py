"""What one gateway has told so far, and how long ago: what followers write and the judge reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from monitor.results import Reason, SaReading

__all__ = ["FRESH_S", "Carrier", "GatewayReading", "Half", "OnChange"]

OnChange = Callable[[], None]
"""Told when a state may have changed; on the event loop, must not block."""

FRESH_S = 3.0
"""A reading older than this proves nothing."""


class Carrier(StrEnum):
    """How a gateway says an interface is."""

    UP = "up"
    DOWN = "down"
    SILENT = "silent"
    """It has a link, and nobody answers through it."""


@dataclass(frozen=True, slots=True)
class Half:
    """What one gateway of two says of itself."""

    holds: bool
    """Whether it has the addresses they share: then it is the one that works."""
    ready: bool
    """Whether its keepalived lives, and so whether it would take them."""


@dataclass(frozen=True, slots=True)
class GatewayReading:
    """Instants are on the monotonic clock; None: never."""

    device: str
    heard_at: float | None = None
    """When anything came from it."""
    reason: Reason = Reason.NOT_READ_YET
    """Why nothing comes; PROVEN while it does."""
    sas: Mapping[str, SaReading] = field(default_factory=dict)
    """By tunnel, as of `sas_at`."""
    sas_at: float | None = None
    sas_reason: Reason = Reason.NOT_READ_YET
    """Why its charon tells nothing; PROVEN while it does."""
    links: Mapping[str, Carrier] = field(default_factory=dict)
    """How its interfaces are, as of `links_at`."""
    links_at: float | None = None
    links_reason: Reason = Reason.NOT_READ_YET
    """Why its gate tells nothing of them; PROVEN while it does."""
    half: Half | None = None
    """As of `links_at`; None where it is alone, or does not tell."""
