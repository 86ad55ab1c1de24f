"""What is written into a store is read from it again: all of it, once, in the order it was written. On both kinds."""

import datetime as dt
import signal
import subprocess
import sys
from zoneinfo import ZoneInfo

from api.store.store import Batch, Keep, Store
from tests.api.written import event, picture, report

# Writes batches of ten events until it is killed, and says so after each.
_WRITER = """
import sys
from api.store.store import Batch, Store
from tests.api.written import event
url, origin, batches = sys.argv[1], sys.argv[2], int(sys.argv[3])
store = Store(url)
for number in range(0, batches * 10, 10):
    store.record(Batch(origin, tuple(event(number + n) for n in range(10)), first_event=number))
    print(number + 10, flush=True)
"""


def _writer(url: str, origin: str, batches: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, url, origin, str(batches)], stdout=subprocess.PIPE, text=True
    )


def test_a_new_store_is_empty_and_well(store: Store) -> None:
    assert (store.events(10), store.picture(), store.report(), store.reports(10)) == ((), None, None, ())
    assert not store.check()


def test_what_was_written_is_read_again_the_newest_first(store: Store, url: str) -> None:
    store.record(Batch("a", (event(0), event(1)), 0, picture(1), (report(0),)))
    store.record(Batch("a", (event(2),), 2, picture(2), (report(1),), 1))
    reader = Store(url, read_only=True)
    for one in (store, reader):
        assert one.events(10) == (event(2), event(1), event(0))
        assert one.events(1) == (event(2),)
        assert one.picture() == picture(2)
        assert one.report() == report(1)
        assert one.reports(10) == (report(1), report(0))
    reader.close()


def test_a_batch_written_again_changes_nothing(store: Store) -> None:
    batch = Batch("a", (event(0), event(1)), 0, picture(0), (report(0),))
    store.record(batch)
    store.record(batch)
    store.record(Batch("a", (event(1), event(2)), 1))
    assert store.events(10) == (event(2), event(1), event(0))
    assert store.reports(10) == (report(0),)


def test_two_recorders_number_for_themselves(store: Store) -> None:
    store.record(Batch("a", (event(0),)))
    store.record(Batch("b", (event(0),)))
    assert store.events(10) == (event(0), event(0))


def test_the_oldest_history_goes_first(url: str) -> None:
    store = Store(url, keep=Keep(events=3, reports=2))
    store.migrate()
    for number in range(5):
        store.record(Batch("a", (event(number),), number, None, (report(number),), number))
    assert store.events(10) == (event(4), event(3), event(2))
    assert store.reports(10) == (report(4), report(3))
    store.close()


def test_a_clock_that_is_set_back_changes_no_order(store: Store) -> None:
    before = dt.datetime(2026, 10, 25, 2, 59, tzinfo=ZoneInfo("Europe/Warsaw"))
    after = before.astimezone(dt.UTC) - dt.timedelta(days=400)
    store.record(Batch("a", (event(0, before), event(1, after)), 0, picture(9)))
    store.record(Batch("a", (), 2, picture(1)))
    newest, oldest = store.events(2)
    assert (newest.subject, newest.at) == ("tunnel:t-1", after)
    assert (oldest.subject, oldest.at) == ("tunnel:t-0", before.astimezone(dt.UTC))
    assert oldest.at.tzinfo is dt.UTC
    assert store.picture() == picture(1)


def test_two_processes_write_at_once_and_nothing_is_lost_or_doubled(store: Store, url: str) -> None:
    writers = [_writer(url, origin, 20) for origin in "ab"]
    for writer in writers:
        writer.communicate(timeout=50)
        assert writer.returncode == 0
    written = sorted(one.subject for one in store.events(1000))
    assert written == sorted(f"tunnel:t-{number}" for number in range(200) for _ in writers)


def test_a_writer_that_is_killed_leaves_whole_batches_and_goes_on_where_it_was(store: Store, url: str) -> None:
    with _writer(url, "a", 100_000) as writer:
        assert writer.stdout is not None
        said = [int(writer.stdout.readline()) for _ in range(5)]
        writer.send_signal(signal.SIGKILL)
        said += map(int, writer.stdout.read().split())
    written = store.events(100_000)
    assert len(written) % 10 == 0
    assert len(written) in {said[-1], said[-1] + 10}
    store.record(Batch("a", tuple(event(number) for number in range(said[-1] + 20))))
    assert store.events(100_000) == tuple(event(number) for number in reversed(range(said[-1] + 20)))
