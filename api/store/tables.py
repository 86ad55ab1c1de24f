"""The tables as the code sees them; `migrations` makes them, and a test holds the two against each other."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Integer, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeDecorator

__all__ = ["METADATA", "Cells", "Utc", "events", "pictures", "polled", "reports"]


Cells = dict[str, str | int | dt.datetime]
"""What is written into one row, by column."""


class Utc(TypeDecorator[dt.datetime]):
    """An instant. SQLite keeps it without a zone, as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To UTC; an instant without a zone is nobody's."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None if dialect.name == "sqlite" else dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Back in UTC, whatever zone the server speaks in."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if dialect.name == "sqlite" else value.astimezone(dt.UTC)


METADATA = MetaData()

# SQLite counts by itself only in a column that is exactly `INTEGER PRIMARY KEY`.
_Serial = BigInteger().with_variant(Integer(), "sqlite")

# Newest first means the greatest `id`: the wall clock may have been set meanwhile.
events = Table(
    "events",
    METADATA,
    Column("id", _Serial, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("at", Utc, nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # In a probe's own words, as JSON; empty where the reason says it all.
    Column("cause", Text, nullable=False, server_default=""),
    UniqueConstraint("origin", "number", name="events_once"),
    # An id is never given twice, not even after the newest rows are gone.
    sqlite_autoincrement=True,
)

pictures = Table(
    "pictures",
    METADATA,
    # There is one row, the last picture: 1.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("picture", Text, nullable=False),
)

polled = Table(
    "polled",
    METADATA,
    # There is one row a device, as of its last poll.
    Column("device", Text, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("state", Text, nullable=False),
    Column("polled", Text, nullable=False),
)

reports = Table(
    "reports",
    METADATA,
    Column("id", _Serial, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("report", Text, nullable=False),
    UniqueConstraint("origin", "number", name="reports_once"),
    sqlite_autoincrement=True,
)
