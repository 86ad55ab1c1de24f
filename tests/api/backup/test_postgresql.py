"""A backup of an office whose databases are on a PostgreSQL server: taken and put back by its own programs."""

from __future__ import annotations

import shlex
import shutil
import threading
import time
from functools import partial
from pathlib import Path

import psycopg
import pytest

from api.backup.places import places
from api.chain import Deed
from api.cli import run
from api.cli.exits import Exit
from api.settings import Settings
from api.store.dump import Server, dump, restore
from api.store.ledger import Ledger
from api.store.store import Batch, Store
from api.work.engine import Engine, Fate, Seat
from api.work.script import Once
from inventory.errors import InputError, StoreError
from tests.api.written import event
from tests.postgres import Postgres
from tests.unpacked import as_installed

pytestmark = pytest.mark.lab

PILA = Path(__file__).parents[3] / "inventory/examples/pila"
DEED = Deed(who="anna", origin="console", action="try", subject="nothing")
SECRET = "not to be seen"


@pytest.fixture
def programs(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The unpacked pg_dump and pg_restore where the search path finds them, and what they are started with."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        real = shlex.join(as_installed(state, [f"/usr/lib/postgresql/15/bin/{name}"]))
        (folder / name).write_text(f'#!/bin/sh\necho "$0 $@" >> {tmp_path}/said\nexec {real} "$@"\n')
        (folder / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return folder


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A state folder, an inventory, a passphrase; the arguments that name the two."""
    monkeypatch.delenv("SUDO_UID", raising=False)
    monkeypatch.setenv("FOSA_STATE", str(tmp_path / "state"))
    (tmp_path / "state/work").mkdir(parents=True)
    (tmp_path / "state/work/key").write_text("private")
    shutil.copytree(PILA, tmp_path / "office")
    (tmp_path / "words").write_text("three long words\n")
    (tmp_path / "words").chmod(0o600)
    return ["--inventory", str(tmp_path / "office"), "--passphrase-file", str(tmp_path / "words")]


def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Another machine; the arguments that name its folder."""
    monkeypatch.setenv("FOSA_STATE", str(tmp_path / "other"))
    return ["--inventory", str(tmp_path / "new"), "--passphrase-file", str(tmp_path / "words")]


def filled(url: str) -> None:
    """Store and ledger with something in them, and a schema as the engine makes one."""
    store, ledger = Store(url), Ledger(url)
    store.migrate()
    store.record(Batch("a", (event(0), event(1)), 2))
    ledger.migrate()
    for _number in range(5):
        ledger.write(DEED)
    store.close()
    ledger.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA dbos")
        connection.execute("CREATE TABLE dbos.workflow_status (id TEXT PRIMARY KEY)")
        connection.execute("INSERT INTO dbos.workflow_status VALUES ('p-20261122-0001')")


def rows(url: str) -> list[list[tuple[object, ...]]]:
    """What there is in it, of each of the three."""
    with psycopg.connect(url) as connection:
        return [
            connection.execute(query).fetchall()
            for query in (
                b"SELECT * FROM dbos.workflow_status",
                b"SELECT * FROM audit ORDER BY number",
                b"SELECT * FROM events ORDER BY 1",
                b"SELECT * FROM fosa_version",
            )
        ]


@pytest.mark.usefixtures("programs")
def test_one_database_of_all_three_comes_back(
    postgres: Postgres,
    tmp_path: Path,
    office: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = postgres.fresh()
    filled(url)
    monkeypatch.setenv("FOSA_STORE", url.replace("fosa@", f"fosa:{SECRET.replace(' ', '%20')}@"))
    file = str(tmp_path / "b.fosa")
    assert run(["backup", file, *office]) == Exit.DONE
    out = capsys.readouterr().out
    assert "audit up to record 5" in out
    assert "of a server: engine, ledger, store" in out
    assert run(["backup", file, "--check", *office[2:]]) == Exit.DONE
    before = rows(url)
    there = elsewhere(tmp_path, monkeypatch)
    assert run(["restore", "--everything", file, *there]) == Exit.BAD_INPUT
    assert "restored only where nothing is" in capsys.readouterr().err
    new = postgres.fresh()
    monkeypatch.setenv("FOSA_STORE", new)
    assert run(["restore", "--everything", file, *there]) == Exit.DONE
    after = rows(new)
    assert (after[0], after[2], after[3]) == (before[0], before[2], before[3])
    ledger = Ledger(new)
    assert ledger.check() == ""
    assert ledger.entries(limit=5) == tuple(before[1][:5])
    assert [entry.count("backup.") for _number, entry, _hash in ledger.entries(after=5)] == [1]
    ledger.close()
    assert (tmp_path / "other/work/key").read_text() == "private"
    said = (tmp_path / "said").read_text()
    assert "--format=custom" in said
    assert "--single-transaction" in said
    assert "not%20to" not in said
    assert SECRET not in said


@pytest.mark.usefixtures("programs")
def test_databases_of_their_own_come_back_each_to_its_place(
    postgres: Postgres,
    tmp_path: Path,
    office: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    urls = {name: postgres.fresh() for name in ("FOSA_LEDGER", "FOSA_WORK_STORE")}
    for name, url in urls.items():
        filled(url)
        monkeypatch.setenv(name, url)
    file = str(tmp_path / "b.fosa")
    assert run(["backup", file, *office]) == Exit.DONE
    there = elsewhere(tmp_path, monkeypatch)
    for name in urls:
        monkeypatch.delenv(name)
    assert run(["restore", "--everything", file, *there]) == Exit.BAD_INPUT
    assert "the backup has on servers: engine; ledger; here that would be: -" in capsys.readouterr().err
    assert not (tmp_path / "other/work").exists()
    one = postgres.fresh()
    for name in urls:
        monkeypatch.setenv(name, one)
    assert run(["restore", "--everything", file, *there]) == Exit.BAD_INPUT
    assert "here that would be: engine + ledger." in capsys.readouterr().err
    new = {name: postgres.fresh() for name in urls}
    for name, url in new.items():
        monkeypatch.setenv(name, url)
    assert run(["restore", "--everything", file, *there]) == Exit.DONE
    assert rows(new["FOSA_WORK_STORE"]) == rows(urls["FOSA_WORK_STORE"])


@pytest.mark.usefixtures("programs")
def test_what_was_in_hand_goes_on_from_a_backup(
    postgres: Postgres, tmp_path: Path, office: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, new, going, gone = postgres.fresh(), postgres.fresh(), threading.Event(), threading.Event()

    def wait() -> str:
        going.set()
        gone.wait(20)
        return "two"

    def held(_about: str, once: Once) -> None:
        once("one", lambda: "one")
        once("two", wait)

    ledger, engine = Ledger(url), Engine(Seat(url, "work", "pila"), {"change": held})
    ledger.migrate()
    ledger.close()
    engine.start()
    engine.put("change", "p-20261122-0001", "key")
    monkeypatch.setenv("FOSA_STORE", url)
    try:
        assert going.wait(20)
        assert run(["backup", str(tmp_path / "b.fosa"), *office]) == Exit.DONE
    finally:
        gone.set()
        engine.close(5)
    there = elsewhere(tmp_path, monkeypatch)
    monkeypatch.setenv("FOSA_STORE", new)
    assert run(["restore", "--everything", str(tmp_path / "b.fosa"), *there]) == Exit.DONE
    done: list[str] = []

    def note(step: str) -> str:
        done.append(step)
        return step

    def free(about: str, once: Once) -> None:
        for name in ("one", "two"):
            once(name, partial(note, f"{about} {name}"))

    again = Engine(Seat(new, "work", "pila"), {"change": free})
    again.start()
    limit = time.monotonic() + 20
    while again.fate("key") is not Fate.DONE:
        assert time.monotonic() < limit
        time.sleep(0.05)
    again.close()
    assert done == ["p-20261122-0001 two"]


@pytest.mark.usefixtures("programs")
def test_what_is_written_meanwhile_is_not_torn(postgres: Postgres, tmp_path: Path) -> None:
    """The dump is of one moment: two tables that are written together agree in it."""
    url, new = postgres.fresh(), postgres.fresh()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("CREATE TABLE a (n INT); CREATE TABLE b (n INT)")
        other.execute("BEGIN; INSERT INTO a VALUES (1)")
        dump(Server.at(url), tmp_path / "dump")
        other.execute("INSERT INTO b VALUES (1); COMMIT")
    restore(Server.at(new), tmp_path / "dump", 15)
    with psycopg.connect(new) as copy:
        assert copy.execute("SELECT (SELECT count(*) FROM a), (SELECT count(*) FROM b)").fetchone() == (0, 0)
    with pytest.raises(StoreError, match="pg_restore fails on postgresql://fosa@/fosa_"):
        restore(Server.at(new), tmp_path / "dump", 15)


def test_a_database_is_taken_once_whatever_lies_in_it(tmp_path: Path) -> None:
    one = "postgresql://fosa@db.example/office"
    settings = Settings.from_environ({"FOSA_STATE": str(tmp_path), "FOSA_STORE": one, "FOSA_LEDGER": f"{one}2"})
    assert [sorted(each.parts) for each in places(settings, tmp_path / "work", tmp_path).servers] == [
        ["engine", "store"],
        ["ledger"],
    ]
    outside = Settings.from_environ({"FOSA_STATE": str(tmp_path), "FOSA_WORK_STORE": f"sqlite:///{tmp_path}/x.db"})
    with pytest.raises(InputError, match="lies outside"):
        places(outside, tmp_path / "work", tmp_path)


def test_a_server_that_is_away_is_said(tmp_path: Path, office: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOSA_STORE", f"postgresql://fosa:secret@/fosa?host={tmp_path}")
    assert run(["backup", str(tmp_path / "b.fosa"), *office]) == Exit.FAILED
    with pytest.raises(StoreError, match="cannot be reached") as error:
        Server.at(f"postgresql://fosa:secret@/fosa?host={tmp_path}")
    assert "secret" not in str(error.value)
