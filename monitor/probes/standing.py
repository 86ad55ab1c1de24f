"""How one probe stands: what its outcomes make of its state, when it is due, and what went over the wire."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from inventory.sentence import say
from inventory.words import noted as N_
from monitor.probes.base import Outcome, Pace, Target
from monitor.results import ProbeExchange, ProbeKind, ProbeResult, State

__all__ = ["Standing", "probe_name"]

_KEPT = 20
_GRACE = 2.5
"""So many waits without an outcome, and the last one proves nothing any more: one may be lost to a busy moment."""
_SURE_S = 300.0
"""What is asked seldom, and may be worse than before, is asked again so soon, until that is believed or was nothing."""
_WORSE = {State.UP: 0, State.DEGRADED: 1, State.DOWN: 2}


def probe_name(kind: ProbeKind, target: Target) -> str:
    """What `/debug/probe/NAME` asks for."""
    return f"{kind}:{target.name}"


@dataclass(frozen=True, slots=True)
class _Judged:
    """The outcome that the state comes from, and when on the monotonic clock."""

    outcome: Outcome
    at: float


class Standing:
    """One probe from its first question on. Not for several threads."""

    def __init__(self, kind: ProbeKind, target: Target, began: dt.datetime) -> None:
        self.name = probe_name(kind, target)
        """Kind and target."""
        self._kind, self._target = kind, target
        self._since = began
        self._judged: _Judged | None = None
        self._told: ProbeResult | None = None
        """As of the last outcome: what has only grown older since is not made anew."""
        self._worse = self._failures = 0
        self._last: deque[ProbeExchange] = deque(maxlen=_KEPT)
        self._failed: deque[ProbeExchange] = deque(maxlen=_KEPT)

    def take(self, outcome: Outcome, at: float, clock: dt.datetime) -> bool:
        """Take one more outcome in, at an instant of both clocks; whether the state or its cause changed."""
        exchange = ProbeExchange(
            at=clock,
            sent=outcome.sent,
            received=outcome.received,
            seconds=outcome.seconds,
            problem="" if outcome.state is State.UP else str(outcome.cause),
        )
        self._last.append(exchange)
        if outcome.state is not State.UP:
            self._failed.append(exchange)
        self._told = None
        before = self._judged
        if before is not None and self._is_passing(before.outcome.state, outcome.state):
            # Not believed yet: it is not asked less for that, or news of a failure would take twice as long.
            self._judged, self._failures = _Judged(before.outcome, at), 0
            return False
        self._failures = self._failures + 1 if outcome.state is State.DOWN else 0
        self._judged = _Judged(outcome, at)
        if before is None or before.outcome.state is not outcome.state:
            self._since = clock
            return True
        return before.outcome.cause != outcome.cause

    def wait_s(self) -> float:
        """Until the next question, without the variation."""
        pace = self._target.pace
        if pace.again_s is not None and self._last and self._last[-1].problem:
            return pace.again_s
        if self._worse:
            return min(pace.period_s, _SURE_S)
        if pace.own or not self._failures:
            return pace.period_s
        return min(pace.period_s * 2.0 ** min(self._failures, 16), max(Pace.longest_s, pace.period_s))

    def result(self, now: float) -> ProbeResult:
        """How it stands at an instant of the monotonic clock."""
        told = self._told = self._told or self._as_told()
        if self._judged is None:
            return told
        return told.model_copy(update={"age_s": max(0.0, now - self._judged.at)})

    def exchanges(self) -> tuple[Sequence[ProbeExchange], Sequence[ProbeExchange]]:
        """The last, and the last that failed, newest first."""
        return tuple(reversed(self._last)), tuple(reversed(self._failed))

    def _as_told(self) -> ProbeResult:
        outcome = None if self._judged is None else self._judged.outcome
        return ProbeResult(
            name=self.name,
            kind=self._kind,
            subject=self._target.subject,
            target=self._target.where,
            state=State.UNKNOWN if outcome is None else outcome.state,
            cause=say(N_("not asked yet")) if outcome is None else outcome.cause,
            since=self._since,
            fresh_s=_GRACE * self.wait_s() + self._target.pace.timeout_s,
            seconds=None if outcome is None else outcome.seconds,
            measured=() if outcome is None else outcome.measured,
        )

    def _is_passing(self, before: State, after: State) -> bool:
        """Whether a turn to the worse has not been seen often enough to be believed."""
        if before not in _WORSE or after not in _WORSE or _WORSE[after] <= _WORSE[before]:
            self._worse = 0
            return False
        self._worse += 1
        if self._worse < self._target.pace.turn:
            return True
        self._worse = 0
        return False
