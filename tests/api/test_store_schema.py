"""The store's schema: made from nothing, brought up to date, and never forced on what is not ours."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, create_engine, inspect, make_url, text

import api.store
from api.store import ledger_tables, tables
from api.store.ledger import Ledger
from api.store.schema import LEDGER, WATCHED, Schema
from api.store.store import Batch, Store
from inventory.errors import InputError, StoreError
from tests.api.written import event

_MIGRATE = "import sys; from api.store.store import Store; Store(sys.argv[1]).migrate()"


def _engine(url: str) -> Engine:
    """A way in beside the store's own."""
    made = make_url(url)
    return create_engine(made.set(drivername="postgresql+psycopg") if made.drivername == "postgresql" else made)


def _tell(url: str, statement: str) -> None:
    engine = _engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _tables(url: str) -> set[str]:
    engine = _engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_the_migrations_make_what_the_code_expects(store: Store, url: str) -> None:
    _holds(url, WATCHED, tables.METADATA)


def test_the_ledgers_migrations_make_what_the_code_expects(url: str) -> None:
    ledger = Ledger(url)
    ledger.migrate()
    ledger.close()
    _holds(url, LEDGER, ledger_tables.METADATA)


def _holds(url: str, schema: Schema, metadata: MetaData) -> None:
    engine = _engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": schema.version_table})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


@pytest.mark.parametrize("schema", [WATCHED, LEDGER])
def test_the_code_knows_all_migrations_in_their_order(schema: Schema) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.migrations))
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(reversed([step.revision for step in steps])) == schema.revisions


def test_store_and_ledger_share_a_database(store: Store, url: str) -> None:
    ledger = Ledger(url)
    ledger.migrate()
    store.record(Batch("a", (event(0),)))
    assert (store.check(), ledger.check()) == ("", "")
    ledger.close()


def test_migrating_again_changes_nothing(store: Store) -> None:
    store.record(Batch("a", (event(0),)))
    store.migrate()
    assert store.events(10) == (event(0),)


def test_four_processes_migrate_at_once(url: str) -> None:
    migrating = [subprocess.Popen([sys.executable, "-c", _MIGRATE, url]) for _ in range(4)]
    assert [one.wait(50) for one in migrating] == [0, 0, 0, 0]
    reader = Store(url, read_only=True)
    assert not reader.check()
    reader.close()


def test_a_newer_schema_is_left_alone(store: Store, url: str) -> None:
    _tell(url, f"UPDATE {WATCHED.version_table} SET version_num = '9001'")
    for act in (store.migrate, store.picture, lambda: store.record(Batch("a", (event(0),)))):
        with pytest.raises(StoreError, match=r"written by a newer fosa \(its schema is 9001\); use that one$"):
            act()
    assert "newer fosa" in store.check()


def test_an_older_schema_is_not_written_to(store: Store, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    later = replace(WATCHED, revisions=(*WATCHED.revisions, "9001"))
    monkeypatch.setattr("api.store.store.WATCHED", later)
    store = Store(url)
    for act in (store.picture, lambda: store.record(Batch("a", (event(0),)))):
        with pytest.raises(StoreError, match=r"written by an older fosa \(its schema is 0003\); restart fosa serve$"):
            act()
    store.close()


def test_another_programs_tables_are_left_alone(url: str) -> None:
    store = Store(url)
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir()
    _tell(url, "CREATE TABLE alembic_version (version_num VARCHAR(32))")
    with pytest.raises(StoreError, match="holds something else than a store of fosa; name another place"):
        store.migrate()
    assert "something else" in store.check()
    assert _tables(url) == {"alembic_version"}
    store.close()


def test_an_empty_database_becomes_a_store(url: str) -> None:
    store = Store(url)
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir()
        Path(url.removeprefix("sqlite:///")).touch()
    assert "something else" in store.check()
    store.migrate()
    assert not store.check()
    store.close()


def test_a_store_opened_to_read_changes_nothing(store: Store, url: str) -> None:
    reader = Store(url, read_only=True)
    for act in (reader.migrate, lambda: reader.record(Batch("a", (event(0),)))):
        with pytest.raises(StoreError, match="is read-only here"):
            act()
    assert store.events(10) == ()
    reader.close()


def test_a_migration_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """A copy of the package whose step goes wrong at its end."""
    copy = tmp_path / "api" / "store"
    shutil.copytree(api.store.__path__[0], copy)
    (copy.parent / "__init__.py").touch()
    with (copy / "migrations/versions/v0001_first.py").open("a", encoding="utf-8") as step:
        step.write("    raise KeyError(op)\n")
    url = f"sqlite:///{tmp_path}/fosa.db"
    done = subprocess.run([sys.executable, "-c", _MIGRATE, url], cwd=tmp_path, capture_output=True, check=False)
    assert b"KeyError" in done.stderr
    assert _tables(url) == set()


@pytest.mark.parametrize(
    "wrong", ["", "fosa.db", "sqlite://", "sqlite:///:memory:", "mysql://u:pass@h/d", "postgresql://u:pass@h", "x:pass"]
)
def test_an_address_that_is_none_of_ours_is_not_repeated(wrong: str) -> None:
    with pytest.raises(InputError) as error:
        Store(wrong)
    assert str(error.value) == "FOSA_STORE must be sqlite:////path/to/file or postgresql://user@host/database"
