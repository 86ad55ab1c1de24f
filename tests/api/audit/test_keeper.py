"""Checkpoints: when they are made, how they leave the machine, what keeps them from it; and what is let go."""

from __future__ import annotations

import datetime as dt
import json
import resource
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.audit.checkpoint import public_keys
from api.audit.files import append, newest, read, replace
from api.audit.keeper import ANCHOR, ANCHORS
from api.audit.search import search
from api.audit.verbs import Search
from api.audit.verify import Fault, verify
from inventory.errors import InputError, SecretError, StoreError
from tests.api.audit.chains import Audit, chain, rows


def away(audit: Audit) -> list[Path]:
    assert audit.keeper.away is not None
    return sorted(audit.keeper.away.iterdir())


def test_a_checkpoint_is_due_every_hour_and_after_every_change(audit: Audit) -> None:
    assert not audit.keeper.due()
    audit.do(1)
    assert audit.keeper.due()
    audit.keeper.look()
    assert not audit.keeper.due()
    audit.do(2)
    audit.clock.forward(minutes=59)
    assert not audit.keeper.due()
    audit.do(1, "change.end")
    assert audit.keeper.due()
    audit.keeper.look()
    audit.do(1)
    audit.clock.forward(minutes=60)
    assert audit.keeper.due()
    audit.keeper.look()
    audit.clock.forward(days=1)
    # Nothing was done since.
    assert not audit.keeper.due()
    assert [one.number for one in audit.keeper.checkpoints()] == [1, 4, 5]
    assert audit.verdict().finding is None
    # A clock that was set back does not put it off for ever.
    audit.do(1)
    audit.clock.forward(days=-30)
    assert audit.keeper.due()


def test_checkpoints_leave_the_machine_with_their_key(anywhere: Audit) -> None:
    anywhere.do(3)
    _made, hindrances = anywhere.keeper.make()
    assert hindrances == ()
    file, key = away(anywhere)
    assert [file.name[:10], file.suffix, key.suffix] == ["fosa-pila-", ".ndjson", ".pem"]
    # By what lies elsewhere alone a chain that was made anew is found, the machine's own checkpoints made to fit.
    anywhere.make_anew(1, lambda _begin: chain(3, who="jan"))
    replace(anywhere.keeper.file, ())
    anywhere.keeper.make()
    assert anywhere.verdict().finding is None
    verdict = verify(rows(anywhere.ledger), read(file)[:1], public_keys([key.read_text()]))
    assert verdict.finding is not None
    assert verdict.finding.fault is Fault.REWRITTEN


def test_a_folder_that_was_away_gets_what_it_has_missed(audit: Audit) -> None:
    folder = audit.keeper.away
    assert folder is not None
    audit.do(1)
    audit.keeper.make()
    folder.rename(folder.with_name("gone"))
    for _time in range(2):
        audit.do(1)
        (hindrance,) = audit.keeper.make()[1]
        assert str(hindrance).startswith(f"checkpoints do not leave this machine: {folder}: ")
    folder.with_name("gone").rename(folder)
    audit.do(1)
    assert audit.keeper.make()[1] == ()
    assert [one.number for one in read(away(audit)[0])] == [1, 2, 3, 4]


def test_a_checkpoint_goes_to_the_systems_log(audit: Audit) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
        log.bind(str(audit.keeper.syslog))
        log.settimeout(5)
        audit.do(1)
        made, hindrances = audit.keeper.make()
        assert hindrances == ()
        line = log.recv(65536).decode()
    assert line.startswith("<85>fosa: checkpoint {")
    assert json.loads(line.partition("checkpoint ")[2])["hash"] == made.hash
    audit.do(1)
    assert "takes no checkpoint" in str(audit.keeper.make()[1][0])


def test_a_lost_key_is_said_so_and_no_other_stands_in_for_it(audit: Audit) -> None:
    audit.do(1)
    audit.keeper.make()
    file = audit.keeper.folder / "audit.key"
    key = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    file.unlink()
    for attempt in (audit.keeper.make, audit.keeper.public):
        with pytest.raises(SecretError, match=r"audit\.key is lost: put it back from a backup"):
            attempt()
    assert not file.exists()
    file.write_bytes(key)
    audit.do(1)
    audit.keeper.make()
    assert audit.verdict().checkpoints == 2


def test_a_line_that_a_crash_has_cut_short_is_passed_over_and_taken_away(audit: Audit) -> None:
    audit.do(1)
    audit.keeper.make()
    with audit.keeper.file.open("a") as opened:
        opened.write('{"office":"pi')
    assert [one.number for one in audit.keeper.checkpoints()] == [1]
    audit.do(1)
    audit.keeper.make()
    assert [one.number for one in audit.keeper.checkpoints()] == [1, 2]
    last = newest(audit.keeper.file)
    assert last is not None
    assert last.number == 2
    audit.keeper.file.write_text("{}\n")
    with pytest.raises(InputError, match="line 1 is no checkpoint"):
        audit.keeper.checkpoints()


def test_writers_at_once_add_whole_lines(audit: Audit) -> None:
    audit.do(1)
    made = audit.keeper.make()[0]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _n: append(audit.keeper.file, (made,)), range(40)))
    assert read(audit.keeper.file) == (made,) * 41


def test_a_file_that_cannot_grow_is_said_so_and_stays_whole(audit: Audit) -> None:
    audit.do(1)
    made = audit.keeper.make()[0]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (audit.keeper.file.stat().st_size + 10, before[1]))
    try:
        with pytest.raises(StoreError, match="checkpoints cannot be kept there: File too large"):
            append(audit.keeper.file, (made,))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert audit.keeper.file.read_text().count("\n") == 1
    assert read(audit.keeper.file) == (made,)


def test_what_is_older_than_two_years_is_let_go_up_to_a_checkpoint(anywhere: Audit) -> None:
    anywhere.do(5)
    anywhere.keeper.make()
    anywhere.do(2)
    anywhere.clock.forward(days=300)
    anywhere.do(3)
    anywhere.keeper.make()
    assert anywhere.keeper.forget() == 0
    anywhere.clock.forward(days=432)
    assert anywhere.keeper.forget() == 5
    assert [rows(anywhere.ledger)[0][0], anywhere.ledger.last()[0]] == [6, 11]
    assert anywhere.verdict().finding is None
    assert anywhere.keeper.forget() == 0
    anywhere.clock.forward(days=300)
    anywhere.keeper.make()
    assert anywhere.keeper.forget() == 5
    assert anywhere.verdict().finding is None
    assert [one.number for one in anywhere.keeper.checkpoints()] == [10, 11]
    # The file of checkpoints may be lost: the one that matters lies in the ledger too.
    anywhere.keeper.file.unlink()
    assert [one.number for one in anywhere.keeper.checkpoints()] == [10]
    assert anywhere.verdict().finding is None


def test_a_crash_in_the_middle_of_forgetting_raises_no_false_alarm(audit: Audit) -> None:
    audit.do(5)
    audit.keeper.make()
    audit.clock.forward(days=800)
    held, before = audit.keeper.checkpoints(), rows(audit.ledger)
    audit.keeper.forget()
    # The deed is written, the records are not gone yet.
    said = rows(audit.ledger)
    assert verify([*before, *said], held, public_keys([audit.keeper.public()])).finding is None


def test_a_kept_checkpoint_is_in_the_ledger(audit: Audit) -> None:
    audit.do(2)
    made = audit.keeper.make()[0]
    audit.clock.forward(days=800)
    audit.keeper.forget()
    kept = audit.ledger.get(ANCHORS, ANCHOR)
    assert kept is not None
    assert kept.value == made


def test_the_audit_is_searched_from_its_newest_end(audit: Audit) -> None:
    for number in range(30):
        audit.do(1, "plan.show" if number % 3 else "people.add")
        audit.clock.forward(minutes=1)
    begin = audit.clock() - dt.timedelta(minutes=30)

    def found(**wanted: object) -> tuple[list[int], bool]:
        shown = search(audit.ledger, Search.model_validate(wanted))
        return [entry.number for entry in shown.entries], shown.more

    assert found(limit=3) == ([28, 29, 30], True)
    assert found(limit=30) == (list(range(1, 31)), False)
    assert found(action="people") == (list(range(1, 31, 3)), False)
    assert found(action="people.add", limit=2) == ([25, 28], True)
    assert found(action="people.ad") == ([], False)
    assert found(who="jan") == ([], False)
    assert found(subject="p-0", limit=1) == ([30], True)
    assert found(since=begin + dt.timedelta(minutes=27)) == ([28, 29, 30], False)
    assert found(until=begin) == ([1], False)
