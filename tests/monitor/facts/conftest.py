"""Rulesets and texts to read: written ones, and what real daemons listed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.facts.firewall import Firewall
from monitor.facts.nftables.ruleset import read_ruleset
from monitor.facts.text import Text
from tests.monitor.facts.reading import files

ROOT = Path(__file__).parents[3]

Ruleset = Callable[[str], Firewall]


@pytest.fixture(scope="session")
def golden() -> Path:
    """The rendered texts of the practice office, a folder a gateway."""
    return ROOT / "tests/data/linux_gateway"


@pytest.fixture(scope="session")
def listed() -> Path:
    """What real daemons listed."""
    return ROOT / "tests/data/facts"


@pytest.fixture(scope="session")
def ruleset() -> Ruleset:
    """Reads a ruleset every line of which must be understood."""

    def read(text: str) -> Firewall:
        section = Text("kernel nftables", text)
        firewall = read_ruleset(section)
        assert section.unknown == []
        return firewall

    return read


@pytest.fixture
def device(golden: Path, listed: Path) -> dict[str, str]:
    """gw-k as a device tells it, but for its rules, which are as written."""
    shown = {name: f"# fosa: mode 0644\n{text}" for name, text in files(golden, "gw-k").items()}
    return shown | {
        "kernel nftables": (golden / "gw-k/nftables.conf").read_text(),
        "charon connections": (listed / "charon-connections.txt").read_text(),
        "sshd effective": (listed / "sshd-effective.txt").read_text(),
    }
