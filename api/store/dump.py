"""A PostgreSQL database in one file and back, by PostgreSQL's own programs. A password is never on a command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from api.store import postgresql
from api.store.place import Place
from api.store.trouble import store_error
from inventory.errors import InputError, StoreError
from inventory.sentence import say
from inventory.words import gettext as _
from inventory.words import noted as N_

__all__ = ["Server", "dump", "restore", "same"]

_DEBIANS = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_RELATIONS = text(
    "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
    " WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_(toast|temp)'"
)
_SCHEMAS = text(
    "SELECT count(*) FROM pg_namespace WHERE nspname NOT IN ('public', 'information_schema') AND nspname !~ '^pg_'"
)


@dataclass(frozen=True, slots=True)
class Server:
    """A database on a server as it is now."""

    place: Place
    version: int
    """The server's, as 15."""
    empty: bool

    @classmethod
    def at(cls, url: str) -> Server:
        """Look at it; StoreError when it cannot be reached."""
        place = Place.of(url)
        engine = create_engine(place.url, poolclass=NullPool, connect_args=dict(postgresql.PATIENCE))
        try:
            with engine.connect() as connection:
                version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
                there = sum(int(connection.execute(query).scalar_one()) for query in (_RELATIONS, _SCHEMAS))
        except SQLAlchemyError as error:
            cause = getattr(error, "orig", None) or error
            raise store_error(postgresql.trouble(cause), place.shown, cause) from error
        return cls(place, version // 10_000, empty=there == 0)


def same(one: str, other: str) -> bool:
    """Whether two URLs are of one database, whoever opens it."""
    return _identity(Place.of(one).url) == _identity(Place.of(other).url)


def dump(server: Server, file: Path) -> int:
    """Write it as it is at one moment into a file that only `restore` reads; the version of the program that did.

    InputError when there is no program new enough for the server, StoreError when it fails.
    """
    program, version = _program("pg_dump", server)
    _run(program, server.place, "--format=custom", "--lock-wait-timeout=10000", f"--file={file}")
    return version


def restore(server: Server, file: Path, version: int) -> None:
    """Put it into an empty database, all of it or nothing. `version`: of the program that made the file."""
    program, _version = _program("pg_restore", server, version)
    _run(program, server.place, "--single-transaction", "--exit-on-error", after=(str(file),))


def _identity(url: URL) -> tuple[object, ...]:
    host = url.host or url.query.get("host", "")
    return host, url.port or int(str(url.query.get("port", 5432))), url.database


def _program(name: str, server: Server, version: int = 0) -> tuple[str, int]:
    """The oldest one that is new enough: what a newer one writes, an older server may not take."""
    wanted = max(server.version, version)
    found = sorted((each for each in _programs(name) if each[0] >= wanted), key=lambda each: each[0])
    if not found:
        message = _(
            "{place} is a database of PostgreSQL {server}: that takes {program} {wanted} or newer, which is not here; "
            "install it (Debian: postgresql-client-{wanted})"
        )
        values = {"place": server.place.shown, "server": server.version, "program": name, "wanted": wanted}
        raise InputError(message.format(**values))
    return found[0][1], found[0][0]


def _programs(name: str) -> Iterator[tuple[int, str]]:
    """By version, those of the search path first."""
    for path in (shutil.which(name), *map(str, _DEBIANS.glob(f"*/bin/{name}"))):
        if path is not None and (version := _version(path)):
            yield version, path


def _version(path: str) -> int:
    """0 for what does not say it."""
    try:
        said = subprocess.run(  # noqa: S603  a program of this name on the search path, or where Debian puts it
            [path, "--version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = _VERSION.search(said.stdout)
    return int(found[1]) if found and said.returncode == 0 else 0


def _run(program: str, place: Place, *options: str, after: tuple[str, ...] = ()) -> None:
    """Owners and rights are the server's business: who restores owns it then."""
    bare, password = _parted(place.url)
    argv = [program, "--no-password", "--no-owner", "--no-privileges", *options, f"--dbname={bare}", *after]
    secret = {"PGPASSWORD": password} if password else {}
    environ = {**os.environ, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10", **secret}
    # It may take as long as there is much of it.
    done = subprocess.run(  # noqa: S603  no shell, and no word of it but a path of ours and an administrator's URL
        argv, env=environ, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        why = next((line.strip() for line in done.stderr.splitlines() if line.strip()), str(done.returncode))
        failed = N_("{program} fails on {place}: {why}")
        raise StoreError(say(failed, program=Path(program).name, place=place.shown, why=why[:300]))


def _parted(url: URL) -> tuple[str, str]:
    """The URL as these programs read it, and the password, which must not stand in it."""
    inside = url.query.get("password", "")
    password = url.password or (inside if isinstance(inside, str) else inside[0])
    # Not by `set`, to which None means: as it is.
    bare = URL.create(
        "postgresql",
        url.username,
        None,
        url.host,
        url.port,
        url.database,
        url.difference_update_query(["password"]).query,
    )
    return bare.render_as_string(hide_password=False), str(password)
