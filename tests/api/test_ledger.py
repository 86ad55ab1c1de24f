"""The ledger: documents that cannot be overwritten unseen, and a chain that every write adds to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from api.chain import BEGINNING, Deed, Entry, digest, entry_hash
from api.store.ledger import Ledger, Put, Shelf
from inventory.errors import ConflictError, StoreError
from inventory.model.base import Value


class Note(Value):
    text: str
    done: bool = False


NOTES = Shelf("note", Note, lambda note: "done" if note.done else "open")
DEED = Deed(who="anna", origin="console", action="note.write", subject="note 1")


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    made = Ledger(url)
    made.migrate()
    yield made
    made.close()


def test_a_document_is_written_read_replaced_and_taken_away(ledger: Ledger) -> None:
    ledger.write(DEED, [Put(NOTES, "1", Note(text="first"))])
    kept = ledger.get(NOTES, "1")
    assert kept is not None
    assert (kept.version, kept.value, kept.changed_at.tzinfo) == (1, Note(text="first"), dt.UTC)
    ledger.write(DEED, [Put(NOTES, "1", Note(text="first", done=True), 1)])
    assert [one.version for one in ledger.list(NOTES, states=["done"])] == [2]
    assert ledger.list(NOTES, states=["open"]) == ()
    ledger.write(DEED, [Put(NOTES, "1", None, 2)])
    assert ledger.get(NOTES, "1") is None


def test_what_has_moved_is_not_overwritten_and_nothing_else_is_written(ledger: Ledger) -> None:
    ledger.write(DEED, [Put(NOTES, "1", Note(text="first"))])
    puts = [Put(NOTES, "2", Note(text="second")), Put(NOTES, "1", Note(text="late"), 7)]
    with pytest.raises(ConflictError, match="note 1 has been changed by somebody else"):
        ledger.write(DEED, puts)
    assert ledger.get(NOTES, "2") is None
    assert ledger.last()[0] == 1


def test_every_write_is_an_entry_of_the_chain_with_the_digests_of_what_it_changed(ledger: Ledger) -> None:
    before, after = Note(text="first"), Note(text="second")
    ledger.write(DEED, [Put(NOTES, "1", before)])
    ledger.write(DEED, [Put(NOTES, "1", after, 1)])
    ledger.write(DEED)
    entries = [(number, Entry.model_validate_json(text), mark) for number, text, mark in ledger.entries()]
    assert [number for number, _entry, _mark in entries] == [1, 2, 3]
    assert [entry.previous for _n, entry, _m in entries] == [BEGINNING, entries[0][2], entries[1][2]]
    assert all(entry_hash(entry) == mark for _number, entry, mark in entries)
    assert (entries[1][1].deed.before, entries[1][1].deed.after) == (digest(before), digest(after))
    assert ledger.entries(after=2, limit=1)[0][0] == 3
    ledger.forget(3)
    assert [number for number, _text, _mark in ledger.entries()] == [3]
    assert ledger.last()[0] == 3


def test_writers_at_once_make_one_chain(ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as writers:
        list(writers.map(lambda n: ledger.write(DEED, [Put(NOTES, str(n), Note(text="x"))]), range(24)))
    found = [Entry.model_validate_json(text) for _number, text, _mark in ledger.entries()]
    assert [entry.number for entry in found] == list(range(1, 25))
    assert all(later.previous == entry_hash(earlier) for earlier, later in pairwise(found))


def test_progress_is_told_in_order_and_from_where_one_left_off(ledger: Ledger) -> None:
    for subject, line in (("a", "1"), ("b", "x"), ("a", "2")):
        ledger.tell(subject, line)
    lines = ledger.told("a")
    assert [line.text for line in lines] == ["1", "2"]
    assert [line.text for line in ledger.told("a", after=lines[0].id)] == ["2"]


def test_a_reader_reads_and_cannot_write(ledger: Ledger, url: str) -> None:
    ledger.write(DEED, [Put(NOTES, "1", Note(text="first"))])
    reader = Ledger(url, read_only=True)
    assert reader.get(NOTES, "1") is not None
    with pytest.raises(StoreError):
        reader.write(DEED)
    reader.close()
