"""The ledger's tables as the code sees them; `ledger_migrations` makes them, and a test holds the two together."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

from api.store.tables import Utc

__all__ = ["METADATA", "audit", "documents", "progress"]

METADATA = MetaData()

documents = Table(
    "documents",
    METADATA,
    Column("shelf", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed_at", Utc, nullable=False),
    Column("document", Text, nullable=False),
    Index("documents_by_state", "shelf", "state"),
)

# The number is given by us: a gap in it is a record somebody took away.
audit = Table(
    "audit",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

progress = Table(
    "progress",
    METADATA,
    Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("line", Text, nullable=False),
    Index("progress_by_subject", "subject", "id"),
    sqlite_autoincrement=True,
)
