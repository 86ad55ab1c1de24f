"""What the real nft lists of a ruleset fosa wrote is the same firewall as what was written."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.facts.firewall import Chain, Firewall, Hook, Rule
from monitor.facts.nftables.ruleset import read_ruleset
from monitor.facts.paths import paths
from monitor.facts.text import Text
from monitor.facts.where import Where
from tests.unpacked import as_installed

pytestmark = pytest.mark.lab

NOWHERE = Where("", 0, "")


def listing(state: Path, path: Path) -> str:
    """The kernel's own words for a file, in a network namespace that ends with the command."""
    script = 'nft -f "$1" && nft -s list ruleset'
    command = ["unshare", "--net", *as_installed(state, ["sh", "-c", script, "nft", str(path)])]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout


def bare(firewall: Firewall) -> dict[tuple[str, str], Chain]:
    """Without the lines things stand on: those differ."""
    return {
        name: replace(
            chain,
            rules=tuple(_bare(rule) for rule in chain.rules),
            base=replace(chain.base, where=NOWHERE) if chain.base else None,
            where=NOWHERE,
        )
        for name, chain in firewall.chains.items()
    }


def _bare(rule: Rule) -> Rule:
    return replace(rule, where=NOWHERE, log=replace(rule.log, where=NOWHERE) if rule.log else None)


@pytest.mark.parametrize("name", ["gw-k", "gw-b", "gw-c", "small/gw-h", "small/gw-s"])
def test_a_listed_ruleset_is_the_written_one(state: Path, golden: Path, name: str) -> None:
    path = golden / name / "nftables.conf"
    written, listed = Text("x", path.read_text()), Text("x", listing(state, path))
    one, other = read_ruleset(written), read_ruleset(listed)
    assert listed.unknown == []
    assert bare(one) == bare(other)
    for hook in Hook:
        assert len(paths(one, hook).found) == len(paths(other, hook).found)


def test_the_odd_listing_of_the_tests_is_still_what_nft_lists(state: Path, listed: Path) -> None:
    assert listing(state, listed / "listed.nft") == (listed / "listed.nft").read_text()
