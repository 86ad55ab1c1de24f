"""The practice office of an inventory, before anything of it is made."""

from collections import Counter
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import pytest

from inventory.errors import LabError
from inventory.load import load
from inventory.model import Office
from lab.plan import topology_of
from lab.topology import NodeKind, Topology, mac_of, six


@pytest.fixture(scope="module")
def office(pila: Path) -> Office:
    return load(pila).require()


@pytest.fixture(scope="module")
def topology(office: Office) -> Topology:
    return topology_of(office)


def test_every_gateway_zone_and_server_of_the_office_stands(office: Office, topology: Topology) -> None:
    kinds = Counter(node.kind for node in topology.nodes)
    zone_hosts = sum(len(zone.prefixes) for zone in office.zones)
    servers = sum(device.kind == "server" for device in office.devices)
    assert kinds[NodeKind.GATEWAY] == 4
    # One a building, and one between the pair and its lines.
    assert kinds[NodeKind.SWITCH] == 4
    assert kinds[NodeKind.EMULATED] == len(office.switches) == 10
    assert kinds[NodeKind.FAR_GATEWAY] == 1
    assert kinds[NodeKind.TIME_SOURCE] == 2
    assert kinds[NodeKind.LOG_SERVER] == 1
    inside = [node for node in topology.of(NodeKind.HOST, NodeKind.LOG_SERVER) if node.zone]
    assert len(inside) == zone_hosts + servers


def test_servers_keep_the_addresses_of_the_inventory(topology: Topology) -> None:
    assert topology.node("adm-k").addresses == (IPv4Address("10.64.0.10"),)
    assert topology.node("log-k").addresses == (IPv4Address("10.64.1.20"),)


def test_an_emulated_switch_stands_in_its_zone_behind_its_gateway(topology: Topology) -> None:
    node = topology.node("sw-b-2")
    assert node.addresses == (IPv4Address("10.64.16.12"),)
    assert [route.via for route in node.routes] == ["10.64.16.1"]
    assert (plug := topology.opposite("sw-b-2", "eth0")) is not None
    assert plug.node == "lan-b"
    bridges = {interface.name: interface.bridge for interface in topology.node("lan-b").interfaces}
    assert bridges[plug.interface] == "br10"


def test_a_ups_and_all_printers_of_a_building_stand_in_their_zones(topology: Topology) -> None:
    nodes = {node.name: node for node in topology.of(NodeKind.APPLIANCE)}
    assert {name: len(node.addresses) for name, node in nodes.items()} == {
        "ups-k": 1,
        "printers-prn-k": 18,
        "printers-prn-b": 12,
        "printers-prn-c": 9,
    }
    assert nodes["printers-prn-b"].zone == "prn"
    assert [route.via for route in nodes["printers-prn-b"].routes] == ["10.64.23.1"]


def test_no_address_is_given_twice(office: Office, topology: Topology) -> None:
    given = [address for node in topology.nodes for address in node.addresses]
    assert [address for address, count in Counter(given).items() if count > 1] == []
    known = {device.address for device in office.devices}
    ordinary = [node for node in topology.of(NodeKind.HOST) if node.name.startswith("host-")]
    assert not known & {address for node in ordinary for address in node.addresses}


def test_every_cable_ends_at_interfaces_that_are_there_and_free(topology: Topology) -> None:
    plugs = [plug for cable in topology.cables for plug in (cable.near, cable.far)]
    there = {(node.name, interface.name) for node in topology.nodes for interface in node.interfaces}
    assert {(plug.node, plug.interface) for plug in plugs} == there
    assert len(plugs) == len(there)
    assert all(len(interface) <= 15 for _node, interface in there)


def test_a_gateway_is_cabled_to_its_line_and_to_each_of_its_zones(topology: Topology) -> None:
    ends = {port.name: topology.opposite("gw-b", port.name) for port in topology.node("gw-b").interfaces}
    assert {name: plug.node for name, plug in ends.items() if plug} == {
        **dict.fromkeys(("wan0", "wan1"), "internet"),
        **dict.fromkeys(("vlan10", "vlan30", "vlan31", "vlan32", "vlan40", "vlan60", "vlan90"), "lan-b"),
    }


def test_an_address_pinned_behind_a_tunnel_stands_behind_it_and_not_on_the_internet(topology: Topology) -> None:
    holder = topology.holder(IPv4Address("192.0.2.100"))
    assert holder is not None
    assert holder.name == "far-k-platform-host"
    public = topology.holder(IPv4Address("192.0.2.80"))
    assert public is not None
    assert public.name == "channel-csizs-1"


def test_ipv6_neighbours_are_known_by_the_hardware_addresses_their_interfaces_have(topology: Topology) -> None:
    macs = {
        address.ip: interface.mac
        for node in topology.nodes
        for interface in node.interfaces
        for address in interface.addresses
        if interface.mac
    }
    neighbours = [neighbour for node in topology.nodes for neighbour in node.neighbours]
    assert neighbours
    assert all(macs[neighbour.address] == neighbour.mac for neighbour in neighbours)


def test_the_ipv6_test_address_and_the_hardware_address_show_the_ipv4_address() -> None:
    address = IPv4Address("10.64.19.254")
    assert str(six(address, IPv4Network("10.64.19.0/24"))) == "fd64:0:a40:1300::a40:13fe/64"
    assert mac_of(address) == "02:f0:0a:40:13:fe"


def test_a_device_that_bears_a_name_of_the_lab_is_refused(office: Office) -> None:
    taken = office.device("adm-k").model_copy(update={"name": "web"})
    crowded = office.model_copy(update={"devices": (*office.devices, taken)})
    with pytest.raises(LabError, match="web"):
        topology_of(crowded.model_copy(update={"network": office.network.model_copy(update={"manager": "web"})}))
