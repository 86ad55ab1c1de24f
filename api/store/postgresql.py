"""A store in a database on a PostgreSQL server."""

from __future__ import annotations

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

from api.store.trouble import Trouble

__all__ = ["PATIENCE", "engine", "lock", "trouble"]

_LIMITS = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '30s'"
# A server that has vanished without a word must not hold the recorder for the quarter of an hour TCP would try.
PATIENCE = {"connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "tcp_user_timeout": 10_000}
_MIGRATION = 0x666F7361
"""The number of the lock that migrations take: `fosa`."""
_STATES = {
    "25006": Trouble.READ_ONLY,
    "42501": Trouble.REFUSED,
    "42P01": Trouble.FOREIGN,
    "53100": Trouble.FULL,
    "55P03": Trouble.LOCKED,
}
_CLASSES = {"08": Trouble.UNREACHABLE, "28": Trouble.REFUSED, "57": Trouble.UNREACHABLE, "XX": Trouble.DAMAGED}


def engine(url: URL, *, read_only: bool) -> Engine:
    """An engine over a database; nothing is opened yet."""
    made = create_engine(url, pool_size=1, max_overflow=4, pool_timeout=5, pool_pre_ping=True, connect_args=PATIENCE)

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        if read_only:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        connection.exec_driver_sql(_LIMITS)

    return made


def lock(connection: Connection) -> None:
    """Wait until no other migration runs; held to the end of the transaction."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION})


def trouble(error: BaseException) -> Trouble:
    """What a failure of PostgreSQL means. Before there is a connection, the server gives no code but a sentence."""
    state: str | None = getattr(error, "sqlstate", None)
    if state is None:
        return Trouble.UNREACHABLE
    return _STATES.get(state) or _CLASSES.get(state[:2], Trouble.OTHER)
