"""Counts that do not add up, and networks that fill up."""

from pathlib import Path

import pytest

from tests.inventory.offices import broken, lines_of, office_in

ROWS: tuple[tuple[str, str, list[str]], ...] = (
    (
        "prefixes: [10.8.0.0/16]\n",
        ("prefixes: [10.8.0.0/16]\nstated: {source: x, buildings: 3, devices: 30, kinds: {server: 2, computer: 21}}\n"),
        [
            "n 7: stated.buildings: 3 buildings are stated, 2 are itemised",
            "n 7: stated.devices: 30 stated, 26 itemised: 4 are unaccounted for",
            "n 7: stated.kinds.computer: 21 stated, 20 itemised: 1 is unaccounted for",
            "w 7: stated.kinds.server: 2 stated, 3 itemised: more than was stated",
        ],
    ),
    (
        "network: 10.8.19.0/24",
        "network: 10.8.19.0/27",
        [
            (
                "w 32: zones[pc].prefixes[b].network: 10.8.19.0/27 is 69 % full: 20 of 29 addresses; more "
                "than 60 % is tight"
            )
        ],
    ),
    ("10.8.16.2, ports: [{name: p1}]}", "10.8.16.2, ports: [{name: p1}], status: retired}", []),
)


@pytest.mark.parametrize(("old", "new", "faults"), ROWS, ids=["; ".join(row[2]) or "nothing" for row in ROWS])
def test_finds_exactly_what_is_wrong(tmp_path: Path, old: str, new: str, faults: list[str]) -> None:
    assert lines_of(office_in(tmp_path, broken(old, new))) == faults
