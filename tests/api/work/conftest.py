"""An office whose devices live in the test's process, and its ledger."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.store.ledger import Ledger
from tests.api.work.fleet import Fleet
from tests.api.work.plans import old

NAMES = ("gw-b", "gw-c", "gw-k")


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    """Three gateways that run what they ran before."""
    return Fleet(tmp_path / "fleet", {name: old(name) for name in NAMES})


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """The ledger of the workers in `tmp_path`."""
    made = Ledger(f"sqlite:///{tmp_path}/ledger/ledger.db")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def before() -> dict[str, dict[str, str]]:
    """What ran before."""
    return {name: old(name) for name in NAMES}


@pytest.fixture
def fresh(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes empty databases on a real PostgreSQL."""
    server = request.getfixturevalue("postgres")
    made: Callable[[], str] = server.fresh
    return made
