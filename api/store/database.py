"""One database: its engine, its schema, its transactions, and what is wrong with it in words for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from api.store import postgresql, sqlite
from api.store.place import Place
from api.store.schema import Schema
from api.store.trouble import Trouble, store_error
from inventory.errors import StoreError, StoreGoneError

__all__ = ["Database"]

Answer = TypeVar("Answer")


class Database:
    """A database of one schema. Any number of threads and processes may use one at once.

    Every method but `check` and `close` raises StoreError, which says what is wrong, where, and what to do. They block
    (a locked store: two seconds), so an event loop calls them in a thread.
    """

    def __init__(self, url: str, schema: Schema, *, read_only: bool = False) -> None:
        """Open nothing yet. `sqlite:////var/lib/fosa/fosa.db` or `postgresql://user@host/name`; else InputError."""
        self._place, self._schema, self._read_only = Place.of(url), schema, read_only
        self._engine = _engine(self._place, read_only=read_only)

    def migrate(self) -> None:
        """Make the tables, or bring older ones up to date. What another program or a newer fosa made is left alone."""
        if self._read_only:
            raise store_error(Trouble.READ_ONLY, self._place.shown)
        file = self._place.file
        with self._translating():
            if file is not None:
                sqlite.create(file)
            with self._engine.begin() as connection:
                self._schema.upgrade(connection, self._place)
            if file is not None:
                sqlite.keep_log(self._engine)

    def read(self, query: Callable[[Connection], Answer]) -> Answer:
        """What a query finds, in one transaction."""
        for last in (False, False, True):
            try:
                with self.transaction() as connection:
                    return query(connection)
            except StoreGoneError:
                # Somebody began to write in the middle of the reading, or another file was put in its place.
                if last:
                    raise
        raise AssertionError

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it or nothing."""
        with self._translating(), self._engine.connect() as connection:
            with connection.begin():
                self._schema.expect(connection, self._place)
                yield connection
            if not sqlite.sound(connection):
                raise store_error(Trouble.GONE, self._place.shown)

    def check(self) -> str:
        """What is wrong, in the language in use; empty when nothing is."""
        try:
            self.read(lambda _connection: None)
        except StoreError as error:
            return str(error)
        return ""

    def close(self) -> None:
        """Let go of its connections; the next use opens new ones."""
        self._engine.dispose()

    @contextmanager
    def _translating(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise self._translated(error) from error
        except ValueError as error:
            raise store_error(Trouble.DAMAGED, self._place.shown, error) from error

    def _translated(self, error: Exception) -> StoreError:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        file = self._place.file
        found = postgresql.trouble(cause) if file is None else sqlite.trouble(cause, file)
        return store_error(found, self._place.shown, cause)


def _engine(place: Place, *, read_only: bool) -> Engine:
    if place.file is not None:
        return sqlite.engine(place.file, read_only=read_only)
    return postgresql.engine(place.url, read_only=read_only)
