"""What is watched follows from the inventory alone."""

import datetime as dt
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from inventory.load import load
from inventory.model import Office
from monitor.expected import expected, unwatched
from monitor.results import LinkKind, Proof, Reason, State
from tests.inventory.offices import OFFICE, broken, office_in

_PILA = Path(__file__).parents[2] / "inventory/examples/pila"
_AT = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)


def test_everything_expected_of_pila_comes_from_its_inventory() -> None:
    wanted = expected(load(_PILA).require())
    assert [(tunnel.name, tunnel.ends, str(tunnel.target), tunnel.proof) for tunnel in wanted.tunnels] == [
        ("k-b", ("gw-k", "gw-b"), "10.64.16.1", Proof.PROBE),
        ("k-c", ("gw-k", "gw-c"), "10.64.32.1", Proof.PROBE),
        ("k-platform", ("gw-k",), "None", Proof.SA),
    ]
    assert [(link.name, link.device, link.interface) for link in wanted.links] == [
        ("k-isp1", "gw-k", "wan0"),
        ("k-isp2", "gw-k", "wan1"),
        ("b-isp1", "gw-b", "wan0"),
        ("b-lte", "gw-b", "wan1"),
        ("c-isp1", "gw-c", "wan0"),
    ]
    assert wanted.devices == ("gw-k", "gw-b", "gw-c", "gw-k2")
    assert wanted.standbys == {"gw-k": "gw-k2"}


def test_without_a_watch_everything_expected_is_there_and_unknown() -> None:
    watched = unwatched(load(_PILA).require(), _AT)
    rows = [*watched.tunnels, *watched.links, *watched.devices, *(end for t in watched.tunnels for end in t.ends)]
    assert len(rows) == 3 + 5 + 4 + 5
    assert {(row.state, row.reason) for row in rows} == {(State.UNKNOWN, Reason.NOT_READ_YET)}  # type: ignore[attr-defined]
    assert [tunnel.probe is not None for tunnel in watched.tunnels] == [True, True, False]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("networks: [10.8.16.0/20]}", "networks: [10.8.19.0/24]}"),
        ("networks: [10.8.0.0/16]}", "networks: [10.8.1.0/24]}"),
    ],
    ids=["far gateway outside", "manager outside"],
)
def test_where_no_packet_of_the_manager_goes_through_nothing_is_probed(tmp_path: Path, old: str, new: str) -> None:
    (tunnel,) = expected(_as_written(tmp_path, broken(old, new))).tunnels
    assert (tunnel.target, tunnel.proof) == (None, Proof.SA)


def test_a_manager_in_another_building_probes_the_hub(tmp_path: Path) -> None:
    moved = broken(
        "building: k, room: cellar, zone: mgmt, address: 10.8.0.10}", "building: b, zone: mgmt, address: 10.8.16.10}"
    )
    (tunnel,) = expected(_as_written(tmp_path, moved)).tunnels
    assert tunnel.target == IPv4Address("10.8.0.1")


def test_a_cable_is_watched_where_a_gateway_can_tell(tmp_path: Path) -> None:
    cables = """\
links:
  - {name: b-up, ends: [{device: sw, port: p1}, {device: gw-b, port: vlan10}]}
"""
    (link,) = [one for one in expected(_as_written(tmp_path, OFFICE + cables)).links if one.kind is LinkKind.CABLE]
    assert (link.name, link.device, link.interface) == ("b-up", "gw-b", "vlan10")


def _as_written(folder: Path, text: str) -> Office:
    """The office also where the checks have something against it."""
    office = office_in(folder, text).office
    assert office is not None, office_in(folder, text).faults
    return office
