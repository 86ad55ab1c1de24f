"""An office with an authority, its gateways and their keys in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.keys.office import Keyed


@pytest.fixture
def keyed(tmp_path: Path) -> Iterator[Keyed]:
    made = Keyed.at(tmp_path)
    yield made
    made.tried.ledger.close()
