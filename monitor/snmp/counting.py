"""Counters that only grow, made of a device's own, which wrap, begin anew and move from index to index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.snmp.interfaces import SeenPort
from monitor.snmp.model import Port, PortCounters

__all__ = ["Counting"]

_WRAP_S = 2.0**32 / 100
"""sysUpTime begins anew after so long, without a restart."""
_SLACK_S = 60.0
_FIELDS = ("in_bytes", "out_bytes", "in_errors", "out_errors", "in_discards", "out_discards")
_ERRORS = (2, 3)


@dataclass(frozen=True, slots=True)
class _Last:
    """A port at the poll before."""

    seen: SeenPort
    totals: tuple[int, ...]


@dataclass(slots=True)
class Counting:
    """The ports of one device from its first poll on, known by name."""

    _ports: dict[str, _Last] = field(default_factory=dict)
    _at: float | None = None
    _uptime_s: float | None = None

    def restarted(self, uptime_s: float | None, now: float) -> bool:
        """Whether the device has restarted since the poll before. `now` is monotonic seconds."""
        if self._at is None or self._uptime_s is None or uptime_s is None:
            return False
        expected = self._uptime_s + (now - self._at)
        if uptime_s >= self._uptime_s:
            return False
        return abs(expected - _WRAP_S - uptime_s) > _SLACK_S

    def take(self, ports: Sequence[SeenPort], uptime_s: float | None, now: float) -> tuple[Port, ...]:
        """The ports with their totals, and with what went through them since the poll before."""
        again = self.restarted(uptime_s, now)
        passed = None if self._at is None or again else now - self._at
        found, kept = [], {}
        for seen in ports:
            last = self._ports.get(seen.name)
            grown = _grown(last, seen, again=again)
            before = (0,) * len(grown) if last is None else last.totals
            totals = tuple(total + more for total, more in zip(before, grown, strict=True))
            kept[seen.name] = _Last(seen, totals)
            fresh = passed is not None and last is not None and not _disturbed(last.seen, seen)
            found.append(_port(seen, totals, grown if fresh else None, passed or 0.0))
        self._ports, self._at, self._uptime_s = kept, now, uptime_s
        return tuple(found)


def _disturbed(before: SeenPort, now: SeenPort) -> bool:
    """Whether the counters began anew, or are others, while the device went on (RFC 2863, section 3.1.5)."""
    return before.disturbed != now.disturbed or before.wide != now.wide


def _grown(last: _Last | None, seen: SeenPort, *, again: bool) -> tuple[int, ...]:
    """What has come to each counter. One that began anew has grown by what it shows."""
    if last is None:
        return tuple(count or 0 for count in seen.counts)
    anew = again or _disturbed(last.seen, seen)
    return tuple(
        _more(before, count, 64 if seen.wide and n < 2 else 32, anew=anew)
        for n, (before, count) in enumerate(zip(last.seen.counts, seen.counts, strict=True))
    )


def _more(before: int | None, now: int | None, bits: int, *, anew: bool) -> int:
    if now is None:
        return 0
    if anew:
        return now
    if before is None:
        return 0
    if now >= before:
        return now - before
    # Nothing fills 64 bits: such a counter was reset, and a device that says so of no counter may reset one of 32 too.
    wrapped = now + 2**bits - before
    return wrapped if bits == 32 and wrapped < 2**31 else now


def _port(seen: SeenPort, totals: tuple[int, ...], grown: tuple[int, ...] | None, passed: float) -> Port:
    told = any(count is not None for count in seen.counts)
    rated = grown is not None and passed > 0 and seen.counts[0] is not None
    rates = (8 * grown[0] / passed, 8 * grown[1] / passed) if grown is not None and rated else (None, None)
    return Port(
        name=seen.name,
        index=seen.index,
        title=seen.title,
        enabled=seen.enabled,
        state=seen.state,
        speed_bps=seen.speed_bps,
        counters=PortCounters(**dict(zip(_FIELDS, totals, strict=True))) if told else None,
        in_bps=rates[0],
        out_bps=rates[1],
        errors_grown=None if grown is None else sum(grown[n] for n in _ERRORS),
        physical=seen.physical,
    )
