"""Periodic jobs, whose last run the ledger knows, and workers that listen for one another."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, field

from api.chain import Entry
from api.store.ledger import Ledger
from api.work.jobs import Job, Jobs
from api.work.leaps import Leaps
from api.work.model import EXECUTORS
from api.work.takeover import Takeover, arrive
from inventory.errors import DriverError
from tests.api.work.plans import NOW


@dataclass
class Clock:
    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@dataclass
class Ticks:
    now: float = 0.0
    taken: list[str] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def recover(self, executor: str) -> tuple[str, ...]:
        self.taken.append(executor)
        return ("p-20261123-0001",)


def test_a_job_is_due_once_in_its_time_for_all_workers(ledger: Ledger) -> None:
    clock, job = Clock(), Job("drift", 600, lambda: None)
    here, there = (Jobs([job], ledger, clock, name) for name in ("here", "there"))
    assert here.due(job)
    assert not there.due(job)
    clock.now += dt.timedelta(seconds=599)
    assert not here.due(job)
    clock.now += dt.timedelta(seconds=1)
    assert there.due(job)
    assert not here.due(job)


def test_a_clock_that_was_set_back_keeps_no_job_from_its_work(ledger: Ledger) -> None:
    clock, job = Clock(), Job("drift", 600, lambda: None)
    jobs = Jobs([job], ledger, clock, "here")
    assert jobs.due(job)
    clock.now -= dt.timedelta(days=30)
    assert jobs.due(job)


def test_a_job_that_fails_comes_again_and_stops_no_other(ledger: Ledger) -> None:
    seen = threading.Barrier(2, timeout=10)
    runs: list[str] = []

    def fails() -> None:
        runs.append("fails")
        if runs.count("fails") == 2:
            seen.wait()
        raise DriverError("the device is away")

    jobs = Jobs([Job("fails", 0.01, fails, recorded=False)], ledger, Clock(), "here")
    jobs.start()
    seen.wait()
    jobs.close()
    assert runs.count("fails") >= 2


def test_a_silent_worker_is_taken_over_once(ledger: Ledger) -> None:
    ticks = Ticks()
    alive, other = (
        Takeover(ledger, name, ticks.recover, lambda: NOW, silence_s=60, clock=ticks) for name in ("alive", "other")
    )
    for name in ("alive", "other", "dead"):
        arrive(ledger, name, NOW)
    ledger.tell("executor dead", "{}", alone=True)
    for now in range(0, 60, 10):
        ticks.now = float(now)
        assert alive() == ()
        assert other() == ()
    ticks.now = 61.0
    assert alive() == ("p-20261123-0001",)
    assert other() == ()
    assert ticks.taken == ["dead"]
    kept = ledger.get(EXECUTORS, "dead")
    assert kept is not None
    assert (kept.value.lost_at, kept.value.taken_by) == (NOW, "alive")


def test_who_was_taken_for_dead_comes_back(ledger: Ledger) -> None:
    ticks = Ticks()
    alive, frozen = (
        Takeover(ledger, name, ticks.recover, lambda: NOW, silence_s=60, clock=ticks) for name in ("alive", "frozen")
    )
    for name in ("alive", "frozen"):
        arrive(ledger, name, NOW)
    alive()
    ticks.now = 61.0
    alive()
    assert ticks.taken == ["frozen"]
    frozen()
    kept = ledger.get(EXECUTORS, "frozen")
    assert kept is not None
    assert kept.value.lost_at is None


def test_beats_leave_one_line(ledger: Ledger) -> None:
    takeover = Takeover(ledger, "alive", lambda _executor: (), lambda: NOW)
    for _beat in range(5):
        takeover()
    assert len(ledger.told("executor alive")) == 1


def test_a_clock_that_was_set_is_told_once(ledger: Ledger) -> None:
    clock, ticks = Clock(), Ticks()
    leaps = Leaps(ledger, clock, ticks)

    def after(seconds: float, leap: float = 0.0) -> float:
        ticks.now += seconds
        clock.now += dt.timedelta(seconds=seconds + leap)
        return leaps()

    assert [after(0), after(5), after(5, 20), after(5)] == [0, 0, 0, 0]
    assert [after(5, 86_400), after(5), after(5, -86_400), after(5)] == [86_400, 0, -86_400, 0]
    told = [Entry.model_validate_json(text).deed for _number, text, _hash in ledger.entries()]
    assert [(deed.action, deed.detail["seconds"]) for deed in told] == [
        ("clock.leap", "+86400"),
        ("clock.leap", "-86400"),
    ]
