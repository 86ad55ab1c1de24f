"""The store: one transaction a batch, and what people ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, delete, func, select

from api.store import rows, tables
from api.store.database import Database
from api.store.schema import WATCHED
from api.store.tables import Cells
from monitor.compliance.model import Report
from monitor.results import Event, Watched
from monitor.snmp.model import Polled

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

__all__ = ["KEEP", "Batch", "Keep", "Store"]


@dataclass(frozen=True, slots=True)
class Batch:
    """What is written at once, all of it or nothing. Written again, it changes nothing: its parts are numbered."""

    origin: str
    """Who numbers: one recorder, from its start to its end."""
    events: tuple[Event, ...] = ()
    first_event: int = 0
    """The number of the first event; the others follow."""
    picture: Watched | None = None
    reports: tuple[Report, ...] = ()
    first_report: int = 0
    polled: tuple[Polled, ...] = ()
    """Each takes the place of what there was of its device."""


@dataclass(frozen=True, slots=True)
class Keep:
    """How much history a store holds; the oldest goes first."""

    events: int = 500_000
    reports: int = 300
    """Two days of a check every ten minutes."""


KEEP = Keep()


class Store:
    """What the watch has seen, of one office. Any number of threads and processes may use one at once.

    Every method but `check` and `close` raises StoreError, which says what is wrong, where, and what to do. They block
    (a locked store: two seconds), so an event loop calls them in a thread.
    """

    def __init__(self, url: str, *, read_only: bool = False, keep: Keep = KEEP) -> None:
        """Open nothing yet. `sqlite:////var/lib/fosa/fosa.db` or `postgresql://user@host/name`; else InputError."""
        self._database, self._keep = Database(url, WATCHED, read_only=read_only), keep

    def migrate(self) -> None:
        """Make the store, or bring an older one up to date. What another program or a newer fosa made is left alone."""
        self._database.migrate()

    def record(self, batch: Batch) -> None:
        """Write a batch in one transaction. After a StoreError the same batch may be given again."""
        # Made before the transaction, so that nobody waits for it.
        events = [rows.event_cells(batch.origin, batch.first_event + n, one) for n, one in enumerate(batch.events)]
        reports = [rows.report_cells(batch.origin, batch.first_report + n, one) for n, one in enumerate(batch.reports)]
        picture = None if batch.picture is None else rows.picture_cells(batch.picture)
        polled = [rows.polled_cells(one) for one in batch.polled]
        with self._database.transaction() as connection:
            _add(connection, tables.events, events, self._keep.events)
            _add(connection, tables.reports, reports, self._keep.reports)
            if picture is not None:
                _replace(connection, tables.pictures, [picture])
            _replace(connection, tables.polled, polled)

    def events(self, limit: int) -> tuple[Event, ...]:
        """The last events written, the newest first."""
        asked = select(tables.events).order_by(tables.events.c.id.desc()).limit(limit)
        return self._database.read(lambda connection: tuple(map(rows.event, connection.execute(asked))))

    def picture(self) -> Watched | None:
        """The last picture written; None before the first."""
        asked = select(tables.pictures.c.picture)
        return self._database.read(
            lambda connection: next(map(Watched.model_validate_json, connection.execute(asked).scalars()), None)
        )

    def polled(self) -> tuple[Polled, ...]:
        """The last poll of each device, also of devices that are no longer polled."""
        asked = select(tables.polled.c.polled).order_by(tables.polled.c.device)
        return self._database.read(
            lambda connection: tuple(map(Polled.model_validate_json, connection.execute(asked).scalars()))
        )

    def report(self) -> Report | None:
        """The last report written; None before the first."""
        return next(iter(self.reports(1)), None)

    def reports(self, limit: int) -> tuple[Report, ...]:
        """The last reports written, the newest first."""
        asked = select(tables.reports.c.report).order_by(tables.reports.c.id.desc()).limit(limit)
        return self._database.read(
            lambda connection: tuple(map(Report.model_validate_json, connection.execute(asked).scalars()))
        )

    def check(self) -> str:
        """What is wrong with the store, in the language in use; empty when nothing is."""
        return self._database.check()

    def close(self) -> None:
        """Let go of its connections; the next use opens new ones."""
        self._database.close()


def _insert(connection: Connection, table: Table) -> PostgresqlInsert | SqliteInsert:
    """Imported where they are needed: the one that is not would stay in the memory of every process for nothing."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert

        return insert(table)
    from sqlalchemy.dialects.sqlite import insert as sqlite_insert

    return sqlite_insert(table)


def _add(connection: Connection, table: Table, cells: list[Cells], keep: int) -> None:
    """Add what is not there yet, and let the oldest go."""
    if not cells:
        return
    connection.execute(_insert(connection, table).on_conflict_do_nothing(index_elements=["origin", "number"]), cells)
    newest = select(func.max(table.c.id)).scalar_subquery()
    connection.execute(delete(table).where(table.c.id <= newest - keep))


def _replace(connection: Connection, table: Table, cells: list[Cells]) -> None:
    """Put rows in the place of those with their keys."""
    if not cells:
        return
    keys = [column.name for column in table.primary_key]
    statement = _insert(connection, table)
    fresh = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=fresh), cells)
