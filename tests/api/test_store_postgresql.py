"""A PostgreSQL server that fails: one clear message each, without the password, and nothing lost afterwards."""

import signal
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import make_url

from api.store.postgresql import trouble
from api.store.recorder import Recorder
from api.store.store import Batch, Store
from api.store.trouble import Trouble
from inventory.errors import StoreError
from tests.api.written import event
from tests.postgres import Postgres

pytestmark = pytest.mark.lab


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.fresh()


@pytest.fixture
def name(url: str) -> str:
    """Of the database."""
    return make_url(url).database or ""


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store(url)
    made.migrate()
    yield made
    made.close()


def _fails(store: Store) -> str:
    with pytest.raises(StoreError) as error:
        store.record(Batch("a", (event(9),), 9))
    return str(error.value)


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        (errors.DiskFull, Trouble.FULL),
        (errors.AdminShutdown, Trouble.UNREACHABLE),
        (errors.InvalidPassword, Trouble.REFUSED),
        (errors.UndefinedTable, Trouble.FOREIGN),
        (errors.IndexCorrupted, Trouble.DAMAGED),
        (errors.DivisionByZero, Trouble.OTHER),
        (psycopg.OperationalError, Trouble.UNREACHABLE),
    ],
)
def test_what_its_codes_mean(error: type[psycopg.Error], meant: Trouble) -> None:
    assert trouble(error("said")) is meant


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGKILL])
def test_a_server_that_is_restarted(store: Store, postgres: Postgres, way: signal.Signals) -> None:
    store.record(Batch("a", (event(0),)))
    postgres.stop(way)
    try:
        said = _fails(store)
    finally:
        postgres.start()
    assert said.startswith("the store postgresql://fosa@/fosa_")
    assert "cannot be reached: connection" in said
    assert said.endswith("; see that it is there, and its server runs")
    store.record(Batch("a", (event(1),), 1))
    assert store.events(10) == (event(1), event(0))


def test_a_connection_that_is_cut_in_the_middle(store: Store, name: str, postgres: Postgres) -> None:
    store.record(Batch("a", (event(0),)))
    postgres.tell(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    store.record(Batch("a", (event(1),), 1))
    assert store.events(10) == (event(1), event(0))


def test_a_locked_table(store: Store, name: str, postgres: Postgres) -> None:
    with psycopg.connect(postgres.url(name)) as other:
        other.execute("LOCK TABLE events")
        assert "is locked by another program" in _fails(store)
    store.record(Batch("a", (event(0),)))
    assert store.events(10) == (event(0),)


def test_a_read_only_database(url: str, store: Store, name: str, postgres: Postgres) -> None:
    postgres.tell(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    later = Store(url)
    assert "is read-only here" in _fails(later)
    assert later.events(10) == ()
    later.close()


def test_an_account_without_rights(url: str, store: Store, postgres: Postgres) -> None:
    postgres.tell("DROP ROLE IF EXISTS stranger; CREATE ROLE stranger LOGIN")
    stranger = Store(url.replace("fosa@", "stranger:hunter2@"))
    said = _fails(stranger)
    assert "refuses us: permission denied for table fosa_version; give this account its rights to it" in said
    assert "hunter2" not in said
    stranger.close()


def test_no_such_database_and_no_such_account(postgres: Postgres) -> None:
    missing = Store(postgres.url("nowhere"))
    said = missing.check()
    assert said.startswith("the store postgresql://fosa@/nowhere cannot be reached: connection failed: ")
    assert said.endswith(' database "nowhere" does not exist; see that it is there, and its server runs')
    unknown = Store(postgres.url("postgres", "nobody"))
    assert 'role "nobody" does not exist' in unknown.check()


def test_nothing_is_lost_while_the_server_is_away(store: Store, postgres: Postgres) -> None:
    recorder = Recorder(store)
    recorder.start()
    recorder.put((event(0),))
    assert recorder.flush(10)
    postgres.stop(signal.SIGKILL)
    try:
        for number in range(1, 2500):
            recorder.put((event(number),))
        assert not recorder.flush(0.5)
        assert "cannot be reached" in recorder.problem
        assert recorder.problem.endswith("; events waiting in memory: 2499")
    finally:
        postgres.start()
    assert recorder.flush(10)
    assert not recorder.problem
    assert store.events(5000) == tuple(map(event, reversed(range(2500))))
    assert recorder.close(10)
