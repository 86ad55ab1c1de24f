"""What waits in memory is bounded, and written once and in order however the store comes and goes."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.store.recorder import Pace, Recorder
from api.store.shelf import EVENTS_HELD, REPORTS_HELD, Shelf
from api.store.store import Store
from inventory import words
from monitor.results import Event
from tests.api.written import event, picture, report

_QUICK = Pace(picture_s=0.05, first_wait_s=0.01, longest_wait_s=0.05, renew_s=3600)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "fosa.db"


@pytest.fixture
def store(file: Path) -> Store:
    return Store(f"sqlite:///{file}")


@pytest.fixture
def recorder(store: Store) -> Iterator[Recorder]:
    made = Recorder(store, _QUICK)
    yield made
    made.close(5)


def _written(store: Store) -> tuple[Event, ...]:
    return tuple(reversed(store.events(100_000)))


def _events(start: int, end: int) -> tuple[Event, ...]:
    return tuple(map(event, range(start, end)))


def _until(holds: Callable[[], bool]) -> None:
    limit = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


def test_it_makes_the_store_and_writes_everything(store: Store, recorder: Recorder) -> None:
    recorder.start()
    for number in range(3000):
        recorder.put((event(number),), picture(number))
    recorder.put(report=report(0))
    assert recorder.flush(10)
    assert _written(store) == _events(0, 3000)
    assert (store.picture(), store.report()) == (picture(2999), report(0))
    assert not recorder.problem


def test_what_was_put_before_the_start_is_written_too(store: Store, recorder: Recorder) -> None:
    recorder.put(_events(0, 2))
    recorder.start()
    assert recorder.close(5)
    assert _written(store) == _events(0, 2)


def test_pictures_are_written_now_and_then_by_themselves(store: Store, recorder: Recorder) -> None:
    recorder.start()
    recorder.put(picture=picture(1))
    _until(lambda: not store.check() and store.picture() == picture(1))
    recorder.put(picture=picture(2))
    _until(lambda: store.picture() == picture(2))


def test_a_locked_store_holds_nobody_up(store: Store, file: Path, recorder: Recorder) -> None:
    recorder.start()
    assert recorder.flush(5)
    _until(lambda: file.exists() and not store.check())
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    recorder.put(_events(0, 5))
    _until(lambda: "locked by another program" in recorder.problem)
    assert recorder.problem.endswith("; events waiting in memory: 5")
    with words.speaking("pl"):
        assert str(file) in recorder.problem
    other.execute("ROLLBACK")
    other.close()
    assert recorder.flush(5)
    assert not recorder.problem
    assert _written(store) == _events(0, 5)


def test_a_store_that_comes_back_gets_what_it_missed(store: Store, file: Path, recorder: Recorder) -> None:
    recorder.start()
    recorder.put(_events(0, 5))
    assert recorder.flush(5)
    elsewhere = file.rename(file.with_name("elsewhere"))
    recorder.put(_events(5, 10), picture(1), report(1))
    assert not recorder.flush(0.2)
    assert "there is no store" in recorder.problem
    assert not file.exists()
    elsewhere.rename(file)
    assert recorder.flush(5)
    assert _written(store) == _events(0, 10)
    assert (store.picture(), store.report()) == (picture(1), report(1))


def test_a_store_that_stays_away_is_begun_anew(store: Store, file: Path) -> None:
    recorder = Recorder(store, Pace(0.05, 0.01, 0.05, renew_s=0.3))
    recorder.start()
    recorder.put(_events(0, 5))
    assert recorder.flush(5)
    file.unlink()
    recorder.put(_events(5, 10))
    assert recorder.flush(5)
    assert _written(store) == _events(5, 10)
    assert recorder.close(5)


def test_a_store_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    recorder = Recorder(Store(f"sqlite:///{tmp_path}/file/fosa.db"), _QUICK)
    recorder.start()
    recorder.put(_events(0, 5))
    _until(lambda: "does not work: " in recorder.problem)
    (tmp_path / "file").unlink()
    assert recorder.close(5)
    assert not recorder.problem


def test_what_cannot_be_written_is_said_and_the_rest_waits(store: Store) -> None:
    recorder = Recorder(store, _QUICK)
    recorder.start()
    recorder.put((event(0).model_copy(update={"at": event(0).at.replace(tzinfo=None)}),))
    _until(lambda: "an instant without a time zone" in recorder.problem)
    assert not recorder.close(0.1)


def test_a_recorder_that_is_closed_in_time_says_what_it_left() -> None:
    recorder = Recorder(Store("sqlite:////nowhere/here/fosa.db"), _QUICK)
    recorder.put(_events(0, 5))
    assert not recorder.flush(0.05)


def test_the_oldest_events_are_lost_first_and_counted() -> None:
    shelf = Shelf(5)
    shelf.put(_events(0, EVENTS_HELD), None, None)
    assert shelf.lost == 0
    shelf.put(_events(EVENTS_HELD, EVENTS_HELD + 7), None, None)
    assert (shelf.lost, shelf.events) == (7, EVENTS_HELD)
    batch = shelf.batch()
    assert (batch.first_event, batch.events[0]) == (7, event(7))


def test_events_that_were_written_meanwhile_were_not_lost() -> None:
    shelf = Shelf(5)
    shelf.put(_events(0, EVENTS_HELD), None, None)
    batch = shelf.batch()
    shelf.put(_events(EVENTS_HELD, EVENTS_HELD + 2500), None, None)
    assert shelf.lost == 2500
    shelf.done(batch, 0)
    assert shelf.lost == 2500 - len(batch.events)
    assert shelf.batch().events[0] == event(2500)


def test_only_the_newest_reports_are_held() -> None:
    shelf = Shelf(5)
    for number in range(REPORTS_HELD + 2):
        shelf.put((), None, report(number))
    batch = shelf.batch()
    assert (batch.first_report, batch.reports[0]) == (2, report(2))
    shelf.put((), None, report(9))
    shelf.done(batch, 0)
    assert shelf.batch().reports == (report(9),)


def test_a_picture_that_came_meanwhile_is_written_next() -> None:
    shelf = Shelf(5)
    assert shelf.due_in(100, hurry=True) is None
    shelf.put((), picture(0), None)
    assert shelf.due_in(100, hurry=False) == 0
    batch = shelf.batch()
    shelf.put((), picture(1), None)
    shelf.done(batch, 100)
    assert shelf.due_in(101, hurry=False) == 4
    assert shelf.due_in(101, hurry=True) == 0
    assert shelf.batch().picture == picture(1)
    shelf.put((event(0),), None, None)
    assert shelf.due_in(101, hurry=False) == 0
