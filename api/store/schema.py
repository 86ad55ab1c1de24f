"""Which schema a store has, and bringing it to ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from api.store import postgresql
from api.store.place import Place
from api.store.trouble import Trouble, store_error

__all__ = ["LEDGER", "WATCHED", "Schema"]


@dataclass(frozen=True, slots=True)
class Schema:
    """The tables one process writes. Two of them may share a database: each has a version of its own."""

    version_table: str
    revisions: tuple[str, ...]
    """All that this fosa knows, the oldest first; a test holds them against the migrations."""
    migrations: Path

    def expect(self, connection: Connection, place: Place) -> None:
        """Raise StoreError unless the store has our schema. A database without our table is the driver's error."""
        version = self._version(connection)
        if version != self.revisions[-1]:
            raise store_error(Trouble.OLDER if version in self.revisions else Trouble.NEWER, place.shown, version)

    def upgrade(self, connection: Connection, place: Place) -> None:
        """Bring the store to our schema, in the connection's transaction. StoreError if it is not ours to change."""
        if connection.dialect.name == "postgresql":
            postgresql.lock(connection)
        tables = inspect(connection).get_table_names()
        if self.version_table in tables:
            version = self._version(connection)
            if version == self.revisions[-1]:
                return
            if version not in self.revisions:
                raise store_error(Trouble.NEWER, place.shown, version)
        elif tables and not {WATCHED.version_table, LEDGER.version_table} & set(tables):
            raise store_error(Trouble.FOREIGN, place.shown)
        self._run_steps(connection)

    def _version(self, connection: Connection) -> object:
        return connection.execute(text(f"SELECT version_num FROM {self.version_table}")).scalar()  # noqa: S608

    def _run_steps(self, connection: Connection) -> None:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(self.migrations).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        config.attributes["version_table"] = self.version_table
        command.upgrade(config, "head")


_HERE = Path(__file__).parent
WATCHED = Schema("fosa_version", ("0001", "0002", "0003"), _HERE / "migrations")
"""Events, the last picture, reports: the watch writes them."""
LEDGER = Schema("fosa_ledger_version", ("0001",), _HERE / "ledger_migrations")
"""What people have said and done: the work writes it."""
