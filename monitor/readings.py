"""What one gateway has told so far, and how long ago: what followers write and the judge reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.results import Reason, SaReading

__all__ = ["FRESH_S", "GatewayReading"]

FRESH_S = 3.0
"""A reading older than this proves nothing."""


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
    links: Mapping[str, bool] = field(default_factory=dict)
    """Whether an interface has a link, as of `links_at`."""
    links_at: float | None = None
    links_reason: Reason = Reason.NOT_READ_YET
    """Why its gate tells nothing of them; PROVEN while it does."""
