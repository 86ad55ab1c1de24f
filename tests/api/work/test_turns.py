"""Whose turn it is, and what becomes of a change the engine knows nothing of."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import cast

import pytest

from api.changes.model import ChangeState
from api.changes.shelf import CHANGES
from api.store.ledger import Ledger
from api.work.engine import Engine, Fate
from api.work.record import Record
from api.work.turns import Turns
from tests.api.work.plans import NOW, approve, plan

FIRST, SECOND = "p-20261123-0001", "p-20261123-0002"
NAME = f"{FIRST} {plan(FIRST, [['gw-b']]).digest[:12]}"


@dataclass
class Queue:
    """An engine's queue that somebody else empties."""

    fates: dict[str, Fate] = field(default_factory=dict)
    puts: list[tuple[str, str, str]] = field(default_factory=list)

    def put(self, script: str, about: str, key: str) -> None:
        self.puts.append((script, about, key))
        self.fates.setdefault(key, Fate.WAITING)

    def fate(self, key: str) -> Fate:
        return self.fates.get(key, Fate.UNKNOWN)


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def turns(ledger: Ledger, queue: Queue) -> Turns:
    for key in (FIRST, SECOND):
        approve(ledger, plan(key, [["gw-b"]]))
    record = Record(ledger, lambda: NOW, "work", threading.Event())
    return Turns(ledger, record, cast(Engine, queue), lambda: (FIRST, SECOND))


def test_queues_one_and_only_once(turns: Turns, queue: Queue, ledger: Ledger) -> None:
    for _second in range(3):
        turns()
    assert queue.puts == [("change", FIRST, NAME)]
    assert [kept.key for kept in ledger.list(CHANGES)] == [FIRST]


def test_a_change_the_engine_never_heard_of_is_queued_again(turns: Turns, queue: Queue) -> None:
    turns()
    queue.fates.clear()
    turns()
    assert queue.puts == [("change", FIRST, NAME)] * 2


@pytest.mark.parametrize("fate", [Fate.UNKNOWN, Fate.BROKEN])
def test_a_running_change_that_broke_off_is_settled_once(turns: Turns, queue: Queue, fate: Fate) -> None:
    turns()
    turns.record.begin(FIRST)
    queue.fates[NAME] = fate
    for _second in range(3):
        turns()
    assert queue.puts[1:] == [("settle", FIRST, f"{NAME} settle")]


def test_the_next_comes_when_the_first_has_ended(turns: Turns, queue: Queue, ledger: Ledger) -> None:
    turns()
    turns.record.begin(FIRST)
    turns.record.end(FIRST, {})
    turns.due = lambda: (SECOND,)
    turns()
    assert [key for _script, key, _key in queue.puts] == [FIRST, SECOND]
    kept = ledger.get(CHANGES, FIRST)
    assert kept is not None
    assert kept.value.state is ChangeState.DONE
