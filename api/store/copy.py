"""A copy of a database file that is whole, also while others write to it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from api.store import sqlite
from api.store.trouble import Trouble, store_error

__all__ = ["is_database", "snapshot"]

_HEADER = b"SQLite format 3\0"
_TRIES = 5


def is_database(file: Path) -> bool:
    """Whether it is a file of SQLite. OSError when it cannot be read."""
    with file.open("rb") as opened:
        return opened.read(len(_HEADER)) == _HEADER


def snapshot(file: Path, target: Path) -> None:
    """Copy a database as it is at one moment into a new file, which is checked. StoreError when that cannot be done."""
    try:
        for _time in range(_TRIES):
            if _copied(file, target):
                return
            target.unlink()
    except (sqlite3.Error, OSError) as error:
        raise store_error(sqlite.trouble(error, file), str(file), error) from error
    # Whoever opens it while nobody writes reads it as frozen; somebody began to write each time.
    raise store_error(Trouble.LOCKED, str(file))


def _copied(file: Path, target: Path) -> bool:
    """False when somebody began to write in the middle of it."""
    source = sqlite.opened(file, read_only=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        # One file: whoever restores it must not need a log beside it.
        copy.execute("PRAGMA journal_mode = DELETE")
        problem = str(copy.execute("PRAGMA integrity_check").fetchone()[0])
        if problem != "ok":
            raise store_error(Trouble.DAMAGED, str(file), problem)
        return source.sound()
    finally:
        copy.close()
        source.close()
