"""The engine itself, over a real database that goes away and comes back."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.work.engine import Engine, Fate, Seat
from api.work.script import Once

LIMIT_S = 20.0


class Work:
    """Scripts to run, and what they have done."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.hold = threading.Event()
        self.hold.set()
        self.in_hand = threading.Event()

    def steps(self, about: str, once: Once) -> None:
        for name in ("one", "two", "three"):
            once(name, lambda name=name: self._do(about, name))  # type: ignore[misc]

    def breaks(self, about: str, once: Once) -> None:
        once("one", lambda: self._do(about, "one"))
        raise ValueError(about)

    def _do(self, about: str, name: str) -> str:
        self.in_hand.set()
        self.hold.wait(LIMIT_S)
        self.done.append(f"{about} {name}")
        return name


def until(there: Callable[[], bool]) -> None:
    limit = time.monotonic() + LIMIT_S
    while not there():
        assert time.monotonic() < limit, "it has not come"
        time.sleep(0.02)


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def engine(tmp_path: Path, work: Work) -> Iterator[Engine]:
    seat = Seat(f"sqlite:///{tmp_path}/work/work.db", "work", "mops")
    made = Engine(seat, {"steps": work.steps, "breaks": work.breaks})
    made.start()
    yield made
    made.close()


def test_does_each_step_once_and_a_key_once(engine: Engine, work: Work) -> None:
    engine.put("steps", "a", "key-a")
    engine.put("steps", "a", "key-a")
    until(lambda: engine.fate("key-a") is Fate.DONE)
    assert work.done == ["a one", "a two", "a three"]
    assert engine.fate("key-b") is Fate.UNKNOWN


def test_what_raises_is_broken(engine: Engine, work: Work) -> None:
    engine.put("breaks", "a", "key-a")
    until(lambda: engine.fate("key-a") is Fate.BROKEN)
    assert work.done == ["a one"]


def test_one_after_the_other(engine: Engine, work: Work) -> None:
    work.hold.clear()
    engine.put("steps", "a", "key-a")
    engine.put("steps", "b", "key-b")
    until(lambda: engine.fate("key-a") is Fate.RUNNING)
    assert engine.fate("key-b") is Fate.WAITING
    work.hold.set()
    until(lambda: engine.fate("key-b") is Fate.DONE)
    assert [line[0] for line in work.done] == ["a"] * 3 + ["b"] * 3


def test_nothing_that_was_written_down_is_code(engine: Engine, tmp_path: Path) -> None:
    engine.put("steps", "a", "key-a")
    until(lambda: engine.fate("key-a") is Fate.DONE)
    raw = b"".join(file.read_bytes() for file in (tmp_path / "work").iterdir())
    assert b"fosa_json" in raw
    assert b"py_pickle" not in raw


def test_what_was_written_down_survives_a_power_cut(engine: Engine, tmp_path: Path) -> None:
    assert engine.fate("key-a") is Fate.UNKNOWN
    raw = sqlite3.connect(tmp_path / "work" / "work.db")
    try:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        # Full, also with a log: some builds of SQLite have another default there, and the engine opens it as it is.
        assert raw.execute("PRAGMA synchronous").fetchone() == (2,)
    finally:
        raw.close()


def test_a_database_that_was_away_is_gone_on_with(engine: Engine, work: Work, tmp_path: Path) -> None:
    work.hold.clear()
    engine.put("steps", "a", "key-a")
    until(lambda: engine.fate("key-a") is Fate.RUNNING)
    moved = tmp_path / "elsewhere"
    (tmp_path / "work").rename(moved)
    work.hold.set()
    time.sleep(1)
    # SQLite makes an empty file wherever one is missing, unless it is told not to.
    assert not (tmp_path / "work").exists()
    moved.rename(tmp_path / "work")

    def gathered() -> bool:
        engine.gather()
        return engine.fate("key-a") is Fate.DONE

    until(gathered)
    assert set(work.done) == {"a one", "a two", "a three"}


def test_forgets_what_ended_longest_ago(engine: Engine) -> None:
    engine.put("steps", "a", "key-a")
    until(lambda: engine.fate("key-a") is Fate.DONE)
    assert engine.forget() == 0
    assert engine.forget(keep=0) == 1
    assert engine.fate("key-a") is Fate.UNKNOWN


def test_ends_with_the_step_in_hand_and_goes_on_with_the_next(engine: Engine, work: Work, tmp_path: Path) -> None:
    work.hold.clear()
    engine.put("steps", "a", "key-a")
    assert work.in_hand.wait(LIMIT_S)
    closing = threading.Thread(target=engine.close, args=(10,))
    closing.start()
    time.sleep(0.3)
    work.hold.set()
    closing.join(LIMIT_S)
    assert work.done == ["a one"]
    again = Engine(Seat(f"sqlite:///{tmp_path}/work/work.db", "work", "mops"), {"steps": work.steps})
    again.start()
    until(lambda: again.fate("key-a") is Fate.DONE)
    again.close()
    assert work.done == ["a one", "a two", "a three"]
