"""What a switch asks of the network, and fosa of it: the ways that no flow opens are named."""

import datetime as dt
from pathlib import Path

import pytest

from inventory.load import load
from tests.inventory.offices import office_in
from tests.inventory.test_switches import FLOW, SERVICE, SOUND

PILA = Path(__file__).parents[2] / "inventory" / "examples" / "pila"
TODAY = dt.date(2026, 11, 22)

ASKED = "which their configuration asks for; add one from them to"
LOG = f"no flow lets sw reach 10.8.1.20 by udp/514, {ASKED} device:log, with a service that has these ports"
SECOND = f"no flow lets sw reach 10.8.1.21 by udp/514, {ASKED} zone:srv@k, with a service that has these ports"
RADIUS = f"no flow lets sw reach 10.8.1.30 by {{}}, {ASKED} device:app, with a service that has these ports"
TIME = tuple(
    f"no flow lets sw reach 192.0.2.{n} by udp/123, {ASKED} internet, with a service that has these ports"
    for n in (1, 2)
)
MANAGER = (
    "no flow lets adm reach {} by {}, so that fosa will not get to them; "
    "add one from device:adm to them, with a service that has these ports"
)


def _warned(folder: Path, text: str) -> dict[str, str]:
    loaded = office_in(folder, text)
    assert loaded.errors == ()
    return {fault.key: fault.message for fault in loaded.warnings}


def test_the_example_office_lets_its_switches_do_what_they_are_told() -> None:
    loaded = load(PILA, TODAY)
    assert (loaded.errors, loaded.warnings) == ((), ())


def test_without_a_flow_every_closed_way_is_named_where_the_inventory_asks_for_it(tmp_path: Path) -> None:
    assert _warned(tmp_path, SOUND.replace(FLOW, "tunnels:\n")) == {
        "network.manager": MANAGER.format("sw", "tcp/22"),
        "network.log_server": LOG,
        "network.time_sources[0]": TIME[0],
        "network.time_sources[1]": TIME[1],
        "switching.radius[0].address": RADIUS.format("udp/1812, udp/1813"),
        "switching.second_log_server": SECOND,
    }


@pytest.mark.parametrize(
    ("old", "new", "warned"),
    [
        ("udp/1812, ", "", {"switching.radius[0].address": RADIUS.format("udp/1812")}),
        ("udp/514", "tcp/514", {"network.log_server": LOG, "switching.second_log_server": SECOND}),
        (", internet]", "]", {"network.time_sources[0]": TIME[0], "network.time_sources[1]": TIME[1]}),
        ('"zone:mgmt", "zone:srv"', '"zone:srv"', {"network.manager": MANAGER.format("sw", "tcp/22")}),
    ],
)
def test_a_way_that_is_closed_in_part_is_named_by_what_is_missing(
    tmp_path: Path, old: str, new: str, warned: dict[str, str]
) -> None:
    assert SOUND.count(old) == 1
    assert _warned(tmp_path, SOUND.replace(old, new)) == warned


def test_a_flow_that_has_ended_opens_nothing(tmp_path: Path) -> None:
    ended = SOUND.replace("purpose: P}\ntunnels", "purpose: P, until: 2027-02-28}\ntunnels")
    assert "network.log_server" in _warned(tmp_path, ended)


def test_switches_with_the_same_need_share_a_line(tmp_path: Path) -> None:
    first = SOUND[SOUND.index("  - name: sw\n") : SOUND.index("switching:\n")]
    second = first.replace("name: sw", "name: sx").replace("10.8.16.2", "10.8.16.3")
    warned = _warned(tmp_path, SOUND.replace(first, first + second).replace(FLOW, "tunnels:\n"))
    assert warned["network.log_server"].startswith("no flow lets sw, sx reach 10.8.1.20 by udp/514")
    assert warned["network.manager"] == MANAGER.format("sw, sx", "tcp/22")


def test_the_port_of_the_login_is_the_one_that_must_be_open(tmp_path: Path) -> None:
    both = SOUND.replace('user: reader, key: "file:r"', 'port: 830, user: reader, key: "file:r"')
    assert _warned(tmp_path, both) == {"network.manager": MANAGER.format("sw", "tcp/830")}


def test_neighbours_in_one_network_need_no_flow(tmp_path: Path) -> None:
    at_the_managers = SOUND.replace(
        "kind: switch\n    building: b\n    zone: mgmt\n    address: 10.8.16.2\n",
        "kind: switch\n    building: k\n    zone: mgmt\n    address: 10.8.0.2\n",
    ).replace("address: 10.8.16.2, user", "address: 10.8.0.2, user")
    assert _warned(tmp_path, at_the_managers.replace('"zone:mgmt", "zone:srv"', '"zone:srv"')) == {}


def test_a_gateway_is_asked_across_its_own_rules_also_in_its_network(tmp_path: Path) -> None:
    asked = SOUND.replace("second_log_server: 10.8.1.21", "second_log_server: 10.8.16.1")
    assert _warned(tmp_path, asked) == {
        "switching.second_log_server": f"no flow lets sw reach 10.8.16.1 by udp/514, {ASKED} device:gw-b, "
        "with a service that has these ports"
    }


def test_where_a_name_leads_nowhere_nothing_is_said_of_ways(tmp_path: Path) -> None:
    lost = SOUND.replace(FLOW, "tunnels:\n").replace(SERVICE, "flows:\n")
    lost = lost.replace('from: ["zone:pc"]', 'from: ["zone:pd"]')
    loaded = office_in(tmp_path, lost)
    assert [fault.message for fault in loaded.faults] == ["there is no zone pd; there are: mgmt, pc, srv"]


def test_without_a_gateway_of_ours_there_is_nothing_to_open(tmp_path: Path) -> None:
    closed = SOUND.replace(FLOW, "tunnels:\n").replace("    platform: linux_gateway\n", "")
    assert not [fault for fault in office_in(tmp_path, closed).faults if "no flow lets" in fault.message]
