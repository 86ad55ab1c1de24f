"""Faults of the store: watching and showing go on, one message says why nothing is written, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from standing import STATE, until
from table import Row, expect
from watching import CUT_TUNNEL, Served, cut, in_order, mend, served

from monitor.results import Event, State
from tests.postgres import Postgres

__all__ = ["ROWS"]


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Of a new store; gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="fosa-fault-"))
    made.chmod(0o755)
    try:
        yield made / "store"
    finally:
        shutil.rmtree(made)


def _told(there: Served, reason: str) -> str:
    """Wait until fosa says of itself that it is not well, and why; the watch and the page work meanwhile."""

    def holds() -> bool:
        health = there.health()
        return health.code == 500 and re.search(reason, health.text) is not None

    expect(f"a reason like {reason!r}", holds=until(holds, 15), seen=there.health())
    expect("the watch to be heard", holds=there.metric("fosa_watch_up") == 1)
    return next(line for line in there.health().text.splitlines() if re.search(reason, line))


def _cut_in_the_dark(there: Served, reason: str) -> str:
    """With the store broken: cut, see it told, mend, see it told."""
    cut(there)
    try:
        return _told(there, reason)
    finally:
        mend(there)


def _nothing_lost(there: Served) -> None:
    """What lies in the store is all that happened, once, and each change begins where the one before it ended."""

    def all_there() -> bool:
        return len(there.recorded()) >= len(there.events())

    expect("all events in the store", holds=until(all_there, 15), seen=(there.recorded(), there.events()))
    recorded = there.recorded()
    expect("no event twice", holds=len(set(recorded)) == len(recorded), seen=recorded)
    expect("the events that were shown", holds=set(recorded) == set(there.events()), seen=recorded)
    expect("no gap", holds=not _gaps(recorded), seen=_gaps(recorded))
    expect("the cut, and its end", holds=_turns(there)[-2:] == [State.DOWN, State.UP], seen=_turns(there))


def _turns(there: Served) -> list[State]:
    """What the tunnel that is cut came to, as the store has it, down or up: it may be degraded for a moment between."""
    told = (event.after for event in there.recorded() if event.subject == f"tunnel:{CUT_TUNNEL}")
    return [state for state, _same in groupby(state for state in told if state is not State.DEGRADED)]


def _gaps(events: Sequence[Event]) -> list[Event]:
    states: dict[str, State] = {}
    gaps = []
    for event in events:
        if event.before is not states.get(event.subject, State.UNKNOWN):
            gaps.append(event)
        states[event.subject] = event.after
    return gaps


def _locked() -> str:
    with _folder() as folder, served(f"sqlite:///{folder}/fosa.db") as there:
        with contextlib.closing(sqlite3.connect(folder / "fosa.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            message = _cut_in_the_dark(there, "locked by another program")
            other.execute("ROLLBACK")
        in_order(there)
        _nothing_lost(there)
    return message


def _read_only() -> str:
    with _folder() as folder, served(f"sqlite:///{folder}/fosa.db") as there:
        owner = folder.stat()
        for path in (folder, *folder.iterdir()):
            os.chown(path, 0, owner.st_gid)
            path.chmod(0o550 if path is folder else 0o440)
        os.kill(there.part("watcher"), signal.SIGKILL)
        message = _told(there, "read-only here")
        cut(there)
        mend(there)
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner.st_uid, owner.st_gid)
            path.chmod(0o2750 if path is folder else 0o640)
        in_order(there)
        cut(there)
        mend(there)
        both = [State.DOWN, State.UP] * 2
        expect("both cuts in the store", holds=until(lambda: _turns(there)[-4:] == both, 15), seen=_turns(there))
    return message


def _full() -> str:
    with _folder() as folder:
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=True)
        try:
            with served(f"sqlite:///{folder}/fosa.db") as there:
                ballast = folder / "ballast"
                with contextlib.suppress(OSError):
                    ballast.write_bytes(bytes(5 << 20))
                message = _cut_in_the_dark(there, "no space is left for the store")
                ballast.unlink()
                in_order(there)
                _nothing_lost(there)
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    return message


def _gone() -> str:
    with _folder() as folder, served(f"sqlite:///{folder}/fosa.db") as there:
        aside = (folder / "fosa.db").rename(folder.parent / "fosa.db")
        message = _cut_in_the_dark(there, "there is no store .*; put it back")
        aside.rename(folder / "fosa.db")
        in_order(there)
        _nothing_lost(there)
    return message


def _postgresql_restarted() -> str:
    server = Postgres(STATE)
    try:
        server.start()
        with served(server.fresh()) as there:
            server.stop(signal.SIGKILL)
            message = _cut_in_the_dark(there, "cannot be reached: ")
            server.start()
            in_order(there)
            _nothing_lost(there)
    finally:
        server.remove()
    return message


ROWS = (
    Row("store-locked", _locked),
    Row("store-read-only", _read_only),
    Row("store-full", _full),
    Row("store-gone", _gone, quick=True),
    Row("postgresql-restarted", _postgresql_restarted),
)
