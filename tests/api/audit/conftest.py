"""An office's audit on a ledger of either kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.audit.chains import Audit


@pytest.fixture
def audit(url: str, tmp_path: Path) -> Iterator[Audit]:
    (tmp_path / "away").mkdir()
    made = Audit.at(url, tmp_path, tmp_path / "away")
    yield made
    made.ledger.close()
