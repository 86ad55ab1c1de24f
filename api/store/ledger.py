"""The ledger: what people have said and done. Documents with versions, and a chain that every write adds to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, text, update

from api.chain import BEGINNING, Deed, Entry, digest, entry_hash, link
from api.store.database import Database
from api.store.ledger_tables import audit, documents, progress
from api.store.schema import LEDGER
from inventory.errors import ConflictError
from inventory.model.base import Value
from inventory.words import gettext as _

__all__ = ["Kept", "Ledger", "Line", "Put", "Shelf"]

T = TypeVar("T", bound=Value)
_CHAIN = 0x666F7362
"""The number of PostgreSQL's lock that orders the chain."""
# Asked at every step of a change: making a statement takes as long as running it.
_ONE = select(documents).where(documents.c.shelf == bindparam("shelf"), documents.c.key == bindparam("key"))
_TOLD = insert(progress)


@dataclass(frozen=True, slots=True)
class Shelf(Generic[T]):
    """Documents of one kind. `state_of` gives what they are looked up by beside their key."""

    name: str
    kind: type[T]
    state_of: Callable[[T], str] = lambda _value: ""


@dataclass(frozen=True, slots=True)
class Kept(Generic[T]):
    """A document as it lies on its shelf."""

    key: str
    version: int
    """From 1; one more with each write."""
    changed_at: dt.datetime
    value: T


@dataclass(frozen=True, slots=True)
class Put(Generic[T]):
    """A document to be written, or taken away when `value` is None."""

    shelf: Shelf[T]
    key: str
    value: T | None
    version: int = 0
    """The version it replaces; 0: there is none yet. Another one there is a ConflictError, and nothing is written."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of something's progress."""

    id: int
    text: str


class Ledger:
    """The ledger of one office. Any number of threads and processes may use it; StoreError as `Database` says."""

    def __init__(
        self, url: str, *, read_only: bool = False, clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    ) -> None:
        """Open nothing yet. The same kinds of URL as a store; `clock` dates what is written."""
        self._database, self._clock = Database(url, LEDGER, read_only=read_only), clock

    def migrate(self) -> None:
        """Make the tables, or bring older ones up to date."""
        self._database.migrate()

    def check(self) -> str:
        """What is wrong with it, in the language in use; empty when nothing is."""
        return self._database.check()

    def close(self) -> None:
        """Let go of its connections."""
        self._database.close()

    # ---- Documents ---------------------------------------------------------------------------------------------------

    def get(self, shelf: Shelf[T], key: str) -> Kept[T] | None:
        """The document of that key."""
        where = {"shelf": shelf.name, "key": key}
        return self._database.read(lambda connection: _first(shelf, connection.execute(_ONE, where).all()))

    def list(self, shelf: Shelf[T], *, states: Iterable[str] | None = None, limit: int = 1000) -> tuple[Kept[T], ...]:
        """The documents of a shelf, those changed last first; only those in one of `states`, when given."""
        asked = _of(shelf).order_by(documents.c.changed_at.desc(), documents.c.key.desc()).limit(limit)
        if states is not None:
            asked = asked.where(documents.c.state.in_(tuple(states)))
        return self._database.read(lambda connection: tuple(_kept(shelf, row) for row in connection.execute(asked)))

    def write(self, deed: Deed, puts: Sequence[Put[Any]] = ()) -> Entry:
        """Write the documents and the deed that changed them, all or nothing. With one document and no digests given,
        `before` and `after` are filled in from it.

        ConflictError when a document has moved since it was read.
        """
        now = self._clock()
        with self._database.transaction() as connection:
            last = _last(connection)
            befores = [_replace(connection, put, now) for put in puts]
            if len(puts) == 1 and not deed.before and not deed.after:
                deed = deed.model_copy(update={"before": befores[0], "after": digest(puts[0].value)})
            entry = link(deed, now, last)
            connection.execute(
                insert(audit).values(number=entry.number, entry=entry.model_dump_json(), hash=entry_hash(entry))
            )
        return entry

    # ---- The chain ---------------------------------------------------------------------------------------------------

    def entries(self, after: int = 0, limit: int = 1000) -> tuple[tuple[int, str, str], ...]:
        """The chain from the number after `after` on, as it lies there: number, entry's JSON, hash."""
        asked = select(audit).where(audit.c.number > after).order_by(audit.c.number).limit(limit)
        return self._database.read(
            lambda connection: tuple((row.number, row.entry, row.hash) for row in connection.execute(asked))
        )

    def last(self) -> tuple[int, str]:
        """Number and hash of the newest entry; (0, BEGINNING) before the first."""
        return self._database.read(_last)

    def forget(self, before: int) -> None:
        """Let the entries before a number go: their time is over. What stays is verified from a checkpoint."""
        with self._database.transaction() as connection:
            connection.execute(delete(audit).where(audit.c.number < before))

    # ---- Progress ----------------------------------------------------------------------------------------------------

    def tell(self, subject: str, *lines: str, alone: bool = False) -> None:
        """Add lines (JSON of the caller's own) to a subject's progress. It is no deed: nothing else is written.
        `alone`: instead of all the lines before them.
        """
        with self._database.transaction() as connection:
            if alone:
                connection.execute(delete(progress).where(progress.c.subject == subject))
            connection.execute(_TOLD, [{"subject": subject, "line": line} for line in lines])

    def told(self, subject: str, after: int = 0, limit: int = 1000) -> tuple[Line, ...]:
        """A subject's progress, the oldest first, after the line with this id."""
        asked = (
            select(progress.c.id, progress.c.line)
            .where(progress.c.subject == subject, progress.c.id > after)
            .order_by(progress.c.id)
            .limit(limit)
        )
        return self._database.read(
            lambda connection: tuple(Line(row.id, row.line) for row in connection.execute(asked))
        )


def _of(shelf: Shelf[T]) -> Select[tuple[object, ...]]:
    return select(documents).where(documents.c.shelf == shelf.name)


def _kept(shelf: Shelf[T], row: Row[tuple[object, ...]]) -> Kept[T]:
    return Kept(row.key, row.version, row.changed_at, shelf.kind.model_validate_json(row.document))


def _first(shelf: Shelf[T], rows: Sequence[Row[tuple[object, ...]]]) -> Kept[T] | None:
    return _kept(shelf, rows[0]) if rows else None


def _last(connection: Connection) -> tuple[int, str]:
    if connection.dialect.name == "postgresql":
        # SQLite's transactions are in a row by themselves: each takes the lock of the writer at its begin.
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _CHAIN})
    newest = select(func.max(audit.c.number)).scalar_subquery()
    found = connection.execute(select(audit.c.number, audit.c.hash).where(audit.c.number == newest)).first()
    return (found.number, found.hash) if found else (0, BEGINNING)


def _replace(connection: Connection, put: Put[Any], now: dt.datetime) -> str:
    """Write one document; the digest of what was there before."""
    here = (documents.c.shelf == put.shelf.name, documents.c.key == put.key)
    row = connection.execute(select(documents).where(*here)).first()
    if (row.version if row else 0) != put.version:
        message = _("{shelf} {key} has been changed by somebody else meanwhile; look again")
        raise ConflictError(message.format(shelf=put.shelf.name, key=put.key))
    before = digest(put.shelf.kind.model_validate_json(row.document)) if row else ""
    if put.value is None:
        connection.execute(delete(documents).where(*here))
        return before
    cells = {
        "version": put.version + 1,
        "state": put.shelf.state_of(put.value),
        "changed_at": now,
        "document": put.value.model_dump_json(),
    }
    if row:
        connection.execute(update(documents).where(*here).values(cells))
    else:
        connection.execute(insert(documents).values(shelf=put.shelf.name, key=put.key, **cells))
    return before
