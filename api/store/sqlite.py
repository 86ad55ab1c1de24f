"""A store in a file: SQLite with a write-ahead log."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from api.store.trouble import Trouble

__all__ = ["create", "engine", "keep_log", "opened", "sound", "trouble"]

_WAIT_S = 2.0
"""How long a writer waits for another; readers wait for nobody."""
_CODES = {
    sqlite3.SQLITE_BUSY: Trouble.LOCKED,
    sqlite3.SQLITE_LOCKED: Trouble.LOCKED,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_PERM: Trouble.REFUSED,
    sqlite3.SQLITE_NOTADB: Trouble.FOREIGN,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
}
_ERRNOS = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EACCES: Trouble.READ_ONLY,
    errno.EPERM: Trouble.READ_ONLY,
}


@dataclass(frozen=True, slots=True)
class _Look:
    """A file as it lies there."""

    inode: tuple[int, int]
    changed: tuple[int, int]
    log: bool
    """There is a write-ahead log beside it: somebody has it open to write, or was killed."""


class _FileConnection(sqlite3.Connection):
    """A connection that knows which file it has open. SQLite goes on using one that has been deleted, silently."""

    file: Path
    opened: _Look | None
    frozen = False
    """Opened as a file that nobody is writing to: a reader may not be allowed to make the log that is missing."""

    def sound(self) -> bool:
        """What went through it is in the file that lies there now, and was read from it whole."""
        now = _look(self.file)
        if now is None or self.opened is None or now.inode != self.opened.inode:
            return False
        return not self.frozen or now == self.opened


def engine(file: Path, *, read_only: bool) -> Engine:
    """An engine over an existing file; nothing is opened yet.

    A writer keeps its connection: whoever is the last to close a file takes its log away. A reader opens it each time.
    """
    if read_only:
        made = create_engine("sqlite://", creator=lambda: opened(file, read_only=True), poolclass=NullPool)
    else:
        made = create_engine(
            "sqlite://", creator=lambda: opened(file, read_only=False), poolclass=QueuePool, pool_size=1, max_overflow=4
        )

    @event.listens_for(made, "checkout")
    def still_there(raw: object, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if not _sound(raw):
            raise DisconnectionError

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return made


def create(file: Path) -> None:
    """Make an empty file, and its folder, unless there is one; the log and its index get the same mode. OSError."""
    file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o640))


def keep_log(made: Engine) -> None:
    """Turn the write-ahead log on, for good: readers and the writer no longer wait for each other."""
    limit = time.monotonic() + _WAIT_S
    raw = made.raw_connection()
    try:
        while not _logging(raw.cursor(), patient=time.monotonic() < limit):
            # SQLite does not wait here by itself.
            time.sleep(0.05)
    finally:
        raw.close()


def sound(connection: Connection) -> bool:
    """Whether what went through this connection is in the file that lies there now; so it is without a file."""
    return _sound(connection.connection.dbapi_connection)


def trouble(error: BaseException, file: Path) -> Trouble:
    """What a failure of SQLite, or of the file itself, means."""
    if isinstance(error, OSError):
        return _ERRNOS.get(error.errno or 0, Trouble.OTHER)
    try:
        file.stat()
    except OSError as why:
        return Trouble.GONE if isinstance(why, FileNotFoundError | NotADirectoryError) else Trouble.REFUSED
    code = _code(error)
    if code == sqlite3.SQLITE_ERROR and "no such table" in str(error):
        return Trouble.FOREIGN
    if code != sqlite3.SQLITE_CANTOPEN:
        return _CODES.get(code, Trouble.OTHER)
    writable = os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
    return Trouble.OTHER if writable else Trouble.READ_ONLY


def opened(file: Path, *, read_only: bool) -> _FileConnection:
    """A connection that knows its file: `sound()` says whether what went through it is there."""
    look = _look(file)
    frozen = read_only and look is not None and not look.log
    mode = ("mode=ro&immutable=1" if frozen else "mode=ro") if read_only else "mode=rw"
    uri = f"file:{quote(str(file))}?{mode}"
    connection = sqlite3.connect(
        uri, uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False, factory=_FileConnection
    )
    connection.file, connection.opened, connection.frozen = file, look, frozen
    connection.execute("PRAGMA trusted_schema = OFF")
    # What has been written must survive a power cut, not only the end of a process.
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _logging(cursor: DBAPICursor, *, patient: bool) -> bool:
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if not patient or _code(error) != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def _sound(raw: object) -> bool:
    return not isinstance(raw, _FileConnection) or raw.sound()


def _look(file: Path) -> _Look | None:
    try:
        found = file.stat()
        log = file.with_name(file.name + "-wal").exists()
    except OSError:
        return None
    return _Look((found.st_dev, found.st_ino), (found.st_mtime_ns, found.st_size), log)


def _code(error: BaseException) -> int:
    """The primary code; an extended one says more in its upper bits."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
