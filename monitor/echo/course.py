"""The course of one target's probes: which were answered, and what that makes of its state."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from monitor.echo.loss import Losses
from monitor.results import ProbeExchange, ProbeReading, Reason, State

__all__ = ["INTERVAL_S", "REST", "TURN", "WAIT_S", "WINDOW_S", "Course", "Outcome", "Probe"]

INTERVAL_S = 0.1
WAIT_S = 0.2
"""An answer that takes longer counts as lost."""
TURN = 3
"""So many outcomes of one kind in a row turn a state: half a second to DOWN at most, without a false alarm measured.
Where a way is known to lose packets it takes more to call it cut (`monitor.echo.loss`)."""
WINDOW_S = 30.0
REST = 5
"""After a window without an answer only each fifth beat is used: a gateway may log every probe it has to drop."""
_KEPT = 20


class Outcome(StrEnum):
    """What became of a probe."""

    ANSWERED = "answered"
    LOST = "lost"
    UNSENT = "unsent"
    """It never left this machine: which says nothing of the tunnel."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe that is over. `at` is on the monotonic clock, `clock_ns` are nanoseconds of the epoch."""

    at: float
    clock_ns: int
    sent: object
    """Says itself as text where somebody looks at it: ten come a second, and hardly one is looked at."""
    outcome: Outcome
    received: object = ""
    rtt_s: float | None = None
    problem: str = ""


class Course:
    """The probes of one target, in the order they were sent."""

    def __init__(self, name: str, target: str) -> None:
        self._name, self._target = name, target
        self._window: deque[tuple[float, Outcome, float | None]] = deque(maxlen=round(WINDOW_S / INTERVAL_S))
        """When, what became of it, round trip."""
        self._last: deque[Probe] = deque(maxlen=_KEPT)
        self._failures: deque[Probe] = deque(maxlen=_KEPT)
        self._answered_at: float | None = None
        self._works_since: float | None = None
        self._losses = Losses(TURN)
        self._fruitless = 0
        self.state, self.reason = State.UNKNOWN, Reason.NOT_READ_YET

    def add(self, probe: Probe) -> bool:
        """Take one more probe in; whether that changed the state."""
        self._window.append((probe.at, probe.outcome, probe.rtt_s))
        self._last.append(probe)
        if probe.outcome is Outcome.ANSWERED:
            self._answered_at = probe.at + (probe.rtt_s or 0.0)
            self._fruitless = 0
        else:
            self._fruitless += 1
            self._failures.append(probe)
        if probe.outcome is not Outcome.UNSENT:
            self._losses.add(lost=probe.outcome is Outcome.LOST)
        before = self.state, self.reason
        self.state, self.reason = self._judged(probe.outcome)
        if not self.state.works:
            self._works_since = None
        elif self._works_since is None:
            self._works_since = probe.at
        return before != (self.state, self.reason)

    def _judged(self, outcome: Outcome) -> tuple[State, Reason]:
        turned = len(self._window) >= TURN and len({self._window[-turn][1] for turn in range(1, TURN + 1)}) == 1
        works = self.state.works or (outcome is Outcome.ANSWERED and (turned or self.state is State.UNKNOWN))
        if outcome is Outcome.UNSENT and turned:
            return State.UNKNOWN, Reason.UNREACHABLE
        if outcome is Outcome.LOST and turned and self._losses.cut:
            return State.DOWN, Reason.NO_ANSWER
        if not works:
            return self.state, self.reason
        return (State.DEGRADED, Reason.LOSSY) if self._losses.lossy else (State.UP, Reason.PROVEN)

    def due(self, beat: int) -> bool:
        """Whether to probe at a beat, by its number."""
        return self._fruitless < WINDOW_S / INTERVAL_S or beat % REST == 0

    def reading(self, now: float) -> ProbeReading:
        """The last `WINDOW_S` seconds before `now`, summed up."""
        recent = [row for row in self._window if row[0] >= now - WINDOW_S and row[1] is not Outcome.UNSENT]
        trips = [rtt for _at, _outcome, rtt in recent if rtt is not None]
        steps = [abs(later - earlier) for earlier, later in pairwise(trips)]
        return ProbeReading(
            name=self._name,
            target=self._target,
            state=self.state,
            reason=self.reason,
            window_s=min(WINDOW_S, now - recent[0][0]) if recent else 0.0,
            sent=len(recent),
            lost=sum(outcome is Outcome.LOST for _at, outcome, _rtt in recent),
            rtt_s=statistics.median(trips) if trips else None,
            jitter_s=statistics.fmean(steps) if steps else None,
            answer_age_s=None if self._answered_at is None else max(0.0, now - self._answered_at),
            works_s=None if self._works_since is None else max(0.0, now - self._works_since),
        )

    def exchanges(self) -> tuple[Sequence[ProbeExchange], Sequence[ProbeExchange]]:
        """The last, and the last that failed, newest first."""
        return tuple(map(_exchange, reversed(self._last))), tuple(map(_exchange, reversed(self._failures)))


def _exchange(probe: Probe) -> ProbeExchange:
    return ProbeExchange(
        at=dt.datetime.fromtimestamp(probe.clock_ns / 1e9, dt.UTC),
        sent=str(probe.sent),
        received=str(probe.received),
        seconds=probe.rtt_s,
        problem=probe.problem,
    )
