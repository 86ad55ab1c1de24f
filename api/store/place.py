"""Where a store is, as its URL says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a store: a file for SQLite, else a database on a PostgreSQL server."""

    url: URL
    shown: str
    """For people: without password and options."""
    file: Path | None
    """Absolute; None for PostgreSQL."""

    @classmethod
    def of(cls, text: str) -> Place:
        """Read a URL; InputError when it is none of ours. The text may hold a password and is never repeated."""
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            raise InputError(_wanted()) from None
        match url.get_backend_name():
            case "sqlite" if url.database and url.database != ":memory:":
                return cls(url, url.database, Path(url.database).absolute())
            case "postgresql" if url.database and url.get_driver_name() in {"psycopg", "psycopg2"}:
                return cls(url.set(drivername="postgresql+psycopg"), _shown(url), None)
            case _:
                raise InputError(_wanted())

    def beside(self, name: str) -> Place:
        """A file of another name in the same folder."""
        if self.file is None:
            raise ValueError("a database has no folder")
        return replace(self, file=self.file.with_name(name))


def _wanted() -> str:
    return _("FOSA_STORE must be sqlite:////path/to/file or postgresql://user@host/database")


def _shown(url: URL) -> str:
    host = url.host or str(url.query.get("host", ""))
    bare = URL.create("postgresql", username=url.username, port=url.port, database=url.database)
    return bare.set(host=host).render_as_string() if host and not host.startswith("/") else bare.render_as_string()
