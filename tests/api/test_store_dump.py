"""PostgreSQL's own programs: which are taken, how a password gets to them, which databases are one."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.store.dump import Server, dump, same
from api.store.place import Place
from inventory.errors import InputError, StoreError
from tests.postgres import Postgres

pytestmark = pytest.mark.lab


def test_a_program_that_is_missing_or_too_old_is_named(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = Server.at(postgres.fresh())
    monkeypatch.setattr("api.store.dump._DEBIANS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    wanted = r"PostgreSQL 15: that takes pg_dump 15 or newer, which is not here; .*postgresql-client-15"
    with pytest.raises(InputError, match=wanted):
        dump(server, tmp_path / "dump")
    old = tmp_path / "pg_dump"
    for said in ("pg_dump (PostgreSQL) 13.4", "what?"):
        old.write_text(f"#!/bin/sh\necho '{said}'\n")
        old.chmod(0o700)
        with pytest.raises(InputError, match=wanted):
            dump(server, tmp_path / "dump")
    old.write_text(
        "#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.1'; test $1 = --version || { echo 'no luck' >&2; exit 3; }\n"
    )
    with pytest.raises(StoreError, match=r"pg_dump fails on .*: no luck"):
        dump(server, tmp_path / "dump")


def test_databases_are_told_apart_however_they_are_written(postgres: Postgres) -> None:
    one = "postgresql://fosa@db.example/office"
    assert same(one, "postgresql+psycopg://other:word@db.example:5432/office?sslmode=require")
    assert not same(one, "postgresql://fosa@db.example:5433/office")
    assert not same(one, "postgresql://fosa@db.example/other")
    assert same(postgres.url("x"), postgres.url("x", "somebody"))


@pytest.mark.parametrize("url", ["postgresql://anna:{}@/fosa", "postgresql://anna@/fosa?password={}&sslmode=prefer"])
def test_a_password_is_handed_over_where_nobody_else_reads_it(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr("api.store.dump._DEBIANS", tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    program = tmp_path / "pg_dump"
    program.write_text(
        "#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.1'\n"
        f'test $1 = --version || {{ echo "$@" > {tmp_path}/said; echo "$PGPASSWORD" > {tmp_path}/given; }}\n'
    )
    program.chmod(0o700)
    version = Server.at(postgres.fresh()).version
    dump(Server(Place.of(url.format("very%20secret")), version, empty=False), tmp_path / "dump")
    assert "secret" not in (tmp_path / "said").read_text()
    assert (tmp_path / "given").read_text() == "very secret\n"
