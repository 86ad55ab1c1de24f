"""The course of one target's probes: which were answered, and what that makes of its state."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from monitor.results import ProbeExchange, ProbeReading, Reason, State

__all__ = ["INTERVAL_S", "REST", "TURN", "WAIT_S", "WINDOW_S", "Course", "Outcome", "Probe"]

INTERVAL_S = 0.1
WAIT_S = 0.2
"""An answer that takes longer counts as lost."""
TURN = 3
"""So many outcomes of one kind in a row turn a state: half a second to DOWN at most, without a false alarm measured."""
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
    """A probe that is over. `at` is on the monotonic clock, `sent_at` is for people."""

    at: float
    sent_at: dt.datetime
    sent: str
    outcome: Outcome
    received: str = ""
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
        before = self.state, self.reason
        if self.state is State.UNKNOWN and probe.outcome is Outcome.ANSWERED:
            self.state, self.reason = State.UP, Reason.PROVEN
        elif len(self._window) >= TURN and len({self._window[-turn][1] for turn in range(1, TURN + 1)}) == 1:
            self.state, self.reason = _TURNED[probe.outcome]
        return before != (self.state, self.reason)

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
        )

    def exchanges(self) -> tuple[Sequence[ProbeExchange], Sequence[ProbeExchange]]:
        """The last, and the last that failed, newest first."""
        return tuple(map(_exchange, reversed(self._last))), tuple(map(_exchange, reversed(self._failures)))


_TURNED = {
    Outcome.ANSWERED: (State.UP, Reason.PROVEN),
    Outcome.LOST: (State.DOWN, Reason.NO_ANSWER),
    Outcome.UNSENT: (State.UNKNOWN, Reason.UNREACHABLE),
}


def _exchange(probe: Probe) -> ProbeExchange:
    return ProbeExchange(
        at=probe.sent_at, sent=probe.sent, received=probe.received, seconds=probe.rtt_s, problem=probe.problem
    )
