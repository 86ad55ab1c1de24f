"""One seat for each executor: whoever works under a name is the only one who does, on this database."""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from api.store import postgresql, sqlite
from api.store.place import Place
from api.store.trouble import store_error
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["Seat", "take"]

_CLASS = 0x666F7363
"""What PostgreSQL's locks of seats have in common: `fosc`."""
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 0.0)
"""A predecessor that is just ending is waited for so long."""


class Seat(Protocol):
    """A seat that was taken."""

    def held(self) -> bool:
        """Whether it still is ours. A server that was restarted has forgotten who sits where. Blocks for a moment."""
        ...

    def leave(self) -> None:
        """Give it back."""
        ...


def take(url: str, executor: str) -> Seat:
    """Sit down under a name at the engine's database; nobody else does before `leave`, or before this process ends.

    InputError when somebody sits there, StoreError when the database cannot be reached.
    """
    place = Place.of(url)
    for pause in _PAUSES:
        seat = _in_file(place.file, executor) if place.file else _in_database(place, executor)
        if seat is not None:
            return seat
        time.sleep(pause)
    message = _("another process works as {executor} on {place}; give this one a name of its own by FOSA_EXECUTOR")
    raise InputError(message.format(executor=executor, place=place.shown))


class _FileSeat:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def held(self) -> bool:
        return True

    def leave(self) -> None:
        os.close(self._descriptor)


def _in_file(file: Path, executor: str) -> Seat | None:
    name = hashlib.sha256(executor.encode()).hexdigest()[:16]
    try:
        descriptor = os.open(file.with_name(f"executor-{name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise store_error(sqlite.trouble(error, file), str(file), error.strerror) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return _FileSeat(descriptor)


class _DatabaseSeat:
    def __init__(self, engine: Engine, connection: Connection) -> None:
        self._engine, self._connection = engine, connection

    def held(self) -> bool:
        """The lock lives as long as the connection does."""
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def leave(self) -> None:
        self._connection.close()
        self._engine.dispose()


def _in_database(place: Place, executor: str) -> Seat | None:
    engine = create_engine(
        place.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=dict(postgresql.PATIENCE)
    )
    number = int.from_bytes(hashlib.sha256(executor.encode()).digest()[:4], "big", signed=True)
    try:
        connection = engine.connect()
        taken = connection.execute(
            text("SELECT pg_try_advisory_lock(:class, :number)"), {"class": _CLASS, "number": number}
        ).scalar()
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None) or error
        raise store_error(postgresql.trouble(cause), place.shown, cause) from error
    if taken:
        return _DatabaseSeat(engine, connection)
    connection.close()
    engine.dispose()
    return None
