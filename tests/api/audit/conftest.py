"""An office's audit; `anywhere` on a ledger of either kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.audit.chains import Audit


def _audit(url: str, folder: Path) -> Iterator[Audit]:
    (folder / "away").mkdir()
    made = Audit.at(url, folder, folder / "away")
    yield made
    made.ledger.close()


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    yield from _audit(f"sqlite:///{tmp_path}/ledger/ledger.db", tmp_path)


@pytest.fixture
def anywhere(url: str, tmp_path: Path) -> Iterator[Audit]:
    yield from _audit(url, tmp_path)
