"""Which schema a store has, and bringing it to ours."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from api.store import postgresql
from api.store.place import Place
from api.store.trouble import Trouble, store_error

__all__ = ["REVISIONS", "VERSION_TABLE", "expect", "upgrade"]

VERSION_TABLE = "fosa_version"
REVISIONS = ("0001",)
"""All that this fosa knows, the oldest first; a test holds them against the migrations."""

_VERSION = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608  a constant


def expect(connection: Connection, place: Place) -> None:
    """Raise StoreError unless the store has our schema. A database without our table is the driver's error."""
    version = connection.execute(_VERSION).scalar()
    if version != REVISIONS[-1]:
        raise store_error(Trouble.OLDER if version in REVISIONS else Trouble.NEWER, place.shown, version)


def upgrade(connection: Connection, place: Place) -> None:
    """Bring the store to our schema, in the connection's transaction. StoreError if it is not ours to change."""
    if connection.dialect.name == "postgresql":
        postgresql.lock(connection)
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE in tables:
        version = connection.execute(_VERSION).scalar()
        if version == REVISIONS[-1]:
            return
        if version not in REVISIONS:
            raise store_error(Trouble.NEWER, place.shown, version)
    elif tables:
        raise store_error(Trouble.FOREIGN, place.shown)
    _run_steps(connection)


def _run_steps(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
