"""OpenMetrics as prometheus_client writes and reads it; its functions bear no types."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.openmetrics import exposition, parser

__all__ = ["families", "generated"]


def families(text: str) -> Iterable[Metric]:
    """Its strict reader."""
    found: Iterable[Metric] = parser.text_string_to_metric_families(text)  # type: ignore[no-untyped-call]  # as above
    return found


def generated(registry: CollectorRegistry) -> str:
    """Its writer."""
    text: bytes = exposition.generate_latest(registry)  # type: ignore[no-untyped-call]  # as above
    return text.decode()
