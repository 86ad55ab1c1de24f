"""Two gateways of which one stands by: what makes them a pair, and what they are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from inventory.load import load
from inventory.pairs import identities, in_its_place, named, pair_of, pairs, seat

_PAIR = Path(__file__).parents[1] / "data/lab/pair"
_TEXT = (_PAIR / "office.yaml").read_text(encoding="utf-8")
_LINES = "ports: [{name: wan0, wan: k-line}, {name: wan1, wan: k-second}"


def _problems(folder: Path, *changes: tuple[str, str]) -> list[str]:
    text = _TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "office.yaml").write_text(text, encoding="utf-8")
    return [str(fault).split(": ", 1)[1] for fault in load(folder).errors]


def test_a_standby_has_what_ends_on_the_first_one() -> None:
    office = load(_PAIR).require()
    (pair,) = pairs(office)
    assert (pair.name, pair.names) == ("gw-k", ("gw-k", "gw-k2"))
    assert (pair_of(office, "gw-k2"), pair_of(office, "gw-b")) == (pair, None)
    assert [device.name for device in named(office)] == ["gw-k", "gw-b"]
    assert [seat(office, name) for name in ("gw-k", "gw-k2", "gw-b")] == ["gw-k", "gw-k", "gw-b"]
    moved = in_its_place(office, "gw-k2")
    assert [end.device for end in moved.tunnels[0].ends] == ["gw-k2", "gw-b"]
    assert [wan.device for wan in moved.wans] == ["gw-k2", "gw-k2", "gw-b"]
    assert in_its_place(office, "gw-k") is office


def test_a_standby_proves_itself_by_the_first_ones_name_too_and_by_its_own_first() -> None:
    office = load(_PAIR).require()
    assert identities(office, "gw-k") == ("gw-k.pair.example",)
    assert identities(office, "gw-k2") == ("gw-k2.pair.example", "gw-k.pair.example")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ((("stands_by: gw-k,", "stands_by: gw-x,"),), "devices[gw-k2].stands_by: there is no device gw-x"),
        ((("stands_by: gw-k,", "stands_by: adm-k,"),), "devices[gw-k2].stands_by: adm-k is no gateway that fosa"),
        (
            (("stands_by: gw-k,", "stands_by: gw-k2,"),),
            "devices[gw-k2].stands_by: a gateway cannot stand by for itself",
        ),
        (
            (("stands_by: gw-k,\n     " + _LINES, "stands_by: gw-k,\n     " + _LINES.replace(", wan: k-second", "")),),
            "devices[gw-k2].stands_by: must have the same ports as gw-k, zones and lines included; these differ: wan1",
        ),
        ((("address: 10.70.0.3", "address: 10.70.0.1"),), "devices[gw-k].address: 10.70.0.1 moves between the two"),
        (
            (
                ("identity: gw-b.pair", "identity: gw-b.pair"),
                ("{device: gw-k, wan: k-line, backup", "{device: gw-k2, wan: k-line, backup"),
            ),
            "tunnels[k-b].ends[gw-k2].device: gw-k2 stands by for gw-k: name that one here",
        ),
        (
            (
                (
                    "name: adm-k, kind: server, building: k, zone: mgmt, address: 10.70.0.10",
                    "name: adm-k, kind: server, building: b, zone: mgmt, address: 10.70.16.10",
                ),
            ),
            "devices[gw-k2].stands_by: a pair stands where adm-k is, in zone mgmt of building b",
        ),
    ],
    ids=[
        "nobody",
        "no gateway",
        "itself",
        "other ports",
        "shared address",
        "named in a tunnel",
        "away from the manager",
    ],
)
def test_what_is_no_pair_is_said(tmp_path: Path, changes: tuple[tuple[str, str], ...], problem: str) -> None:
    found = _problems(tmp_path, *changes)
    assert any(each.startswith(problem) for each in found), found


@pytest.mark.parametrize("wrong", ["gw-x", "adm-k", "gw-k2"])
def test_a_wrong_name_brings_no_other_faults(tmp_path: Path, wrong: str) -> None:
    assert len(_problems(tmp_path, ("stands_by: gw-k,", f"stands_by: {wrong},"))) == 1
