"""An office's people on a ledger of either kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.people.office import People


@pytest.fixture
def people(url: str, tmp_path: Path) -> Iterator[People]:
    made = People.at(url, tmp_path)
    yield made
    made.ledger.close()
