"""An office's people; `anywhere` on a ledger of either kind, for what several writers do at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.people.office import People


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    made = People.at(f"sqlite:///{tmp_path}/ledger/ledger.db", tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def anywhere(url: str, tmp_path: Path) -> Iterator[People]:
    made = People.at(url, tmp_path)
    yield made
    made.ledger.close()
