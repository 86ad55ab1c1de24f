"""Stores of both kinds, real ones."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.store import Store
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def postgres(state: Path) -> Iterator[Postgres]:
    """A running server; a test that stops it starts it again."""
    server = Postgres(state)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.lab)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store may be made, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store/fosa.db"
    server: Postgres = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store that has just been made."""
    made = Store(url)
    made.migrate()
    yield made
    made.close()
