"""An office to have a history of."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.archive.offices import Standing, standing


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Standing]:
    made = standing(tmp_path)
    yield made
    made.ledger.close()
