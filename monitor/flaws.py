"""What is not as it should be with a tunnel that works, and what voids the proof that it does: pure."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.results import Difference, ProbeReading, Reason, SaReading, State

__all__ = ["beside", "flaw", "is_dead", "is_one_way", "is_silent"]

_SILENT_S = 1.5
"""An IKE request unanswered for so long has been sent twice: gateways of ours ask again after a second."""
_STILL_S = 3.0
_SENT = 20
"""So many packets sent, and none came back, for `_STILL_S`: that is no host that somebody calls in vain."""
_DEAD_S = 180.0
_SETUPS = 5
"""More of them within an hour than this are too many."""


def is_silent(sa: SaReading) -> bool:
    """Whether the far end leaves an IKE request unanswered."""
    return sa.unanswered_s >= _SILENT_S


def is_one_way(sa: SaReading, longer_than_s: float = _STILL_S) -> bool:
    """Whether packets go in, and none come out. That none came before anybody sent one says nothing."""
    return sa.vain_s >= max(_STILL_S, longer_than_s) and sa.sent_still >= _SENT


def is_dead(sa: SaReading) -> bool:
    """Whether what was established carries nothing: its far end answers neither IKE nor anything else, or has let
    packets unanswered for minutes."""
    return (is_silent(sa) and sa.still_s >= _SILENT_S) or is_one_way(sa, _DEAD_S)


def beside(probe: ProbeReading, sas: Iterable[SaReading]) -> bool:
    """Whether probes are answered that never came through the tunnel."""
    works_s = probe.works_s or 0.0
    return any(min(sa.still_s, works_s) >= _STILL_S for sa in sas)


def flaw(probe: ProbeReading | None, sas: Iterable[SaReading], differences: tuple[Difference, ...]) -> Reason | None:
    """What is worst about a tunnel that works; None when all is as it should be. `sas`: the fresh readings."""
    fresh = tuple(sas)
    if probe is not None and probe.state is State.DEGRADED:
        return probe.reason
    if any(map(is_silent, fresh)):
        return Reason.IKE_SILENT
    if probe is None and any(map(is_one_way, fresh)):
        return Reason.ONE_WAY
    if differences:
        return Reason.DIFFERENT
    return Reason.CHURN if any(sa.setups > _SETUPS for sa in fresh) else None
