"""What every test shares: lab tests need root and daemons, and no test leaves its language to the next one."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from api.settings import Settings
from inventory import words

# Two busy cores make any deadline a false alarm.
settings.register_profile("fosa", deadline=None)
settings.load_profile("fosa")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Real daemons and browsers on busy cores: a lab test may take three times as long before it counts as hung."""
    for item in items:
        if item.get_closest_marker("lab") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(180))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Namespaces can be made by root only; anybody may run everything else."""
    if item.get_closest_marker("lab") and os.geteuid() != 0:
        pytest.skip("needs root: it builds network namespaces")


@pytest.fixture(scope="session")
def state() -> Path:
    """The state folder, with the daemons unpacked."""
    folder = Settings.from_environ(os.environ).state
    if not (folder / "daemons/usr").is_dir():
        pytest.fail(f"no daemons in {folder}: run scripts/setup")
    return folder


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    words.use("en")
