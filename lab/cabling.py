"""A topology made real: namespaces, links, bridges, addresses and routes, in a few calls of `ip`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lab import namespace
from lab.root import Disk
from lab.topology import ALIVE, Interface, Node, NodeKind, Plug, Topology

__all__ = ["lay", "write_network"]

# Of a gateway of ours only IPv6 is switched on by the lab, against its will: its rules have to withstand that.
_SWITCHES = {
    NodeKind.GATEWAY: ("ipv6/conf/all/forwarding",),
    NodeKind.FAR_GATEWAY: ("ipv4/ip_forward",),
    NodeKind.INTERNET: ("ipv4/ip_forward", "ipv6/conf/all/forwarding"),
}


def lay(topology: Topology, prefix: str) -> None:
    """Make every node's namespace, plug every cable, and give addresses to all that do not boot by themselves."""
    namespace.create(prefix + node.name for node in topology.nodes)
    macs = {(node.name, interface.name): interface.mac for node in topology.nodes for interface in node.interfaces}
    namespace.batch(
        f"link add {_end(cable.near, macs, prefix)} type veth peer {_end(cable.far, macs, prefix)}"
        for cable in topology.cables
    )
    for node in topology.nodes:
        if node.kind is NodeKind.INTERNET:
            namespace.inside(prefix + node.name, _forward)
        if node.kind not in ALIVE:
            namespace.batch(_lines(node), prefix + node.name)


def write_network(node: Node, disk: Disk) -> None:
    """Put on a device's disk what the lab adds to its network when it boots."""
    lines = [f"link set {interface.name} up" for interface in node.interfaces]
    disk.write("/etc/fosa-lab/network", "\n".join([*lines, *_address_lines(node)]) + "\n")
    switches = ("ipv6/conf/all/disable_ipv6", "0"), *((name, "1") for name in _SWITCHES.get(node.kind, ()))
    disk.write("/etc/fosa-lab/switches", "".join(f"echo {value} >/proc/sys/net/{name}\n" for name, value in switches))


def _address_lines(node: Node) -> Iterator[str]:
    for interface in node.interfaces:
        for address in interface.addresses:
            yield f"addr add {address} dev {interface.name}{' nodad' if address.version == 6 else ''}"
    for route in node.routes:
        yield f"route add {route.to} {f'via {route.via} ' if route.via else ''}dev {route.device}"
    for neighbour in node.neighbours:
        yield f"neigh replace {neighbour.address} lladdr {neighbour.mac} dev {neighbour.device} nud permanent"


def _end(plug: Plug, macs: dict[tuple[str, str], str], prefix: str) -> str:
    mac = macs[plug.node, plug.interface]
    return f"name {plug.interface} {f'address {mac} ' if mac else ''}netns {prefix}{plug.node}"


def _lines(node: Node) -> Iterator[str]:
    if node.kind is NodeKind.SWITCH:
        for bridge in dict.fromkeys(interface.bridge for interface in node.interfaces):
            yield f"link add {bridge} type bridge forward_delay 0 mcast_snooping 0"
            yield f"link set {bridge} up"
    for interface in node.interfaces:
        yield f"link set {interface.name} {_master(interface)}up"
    yield from _address_lines(node)


def _master(interface: Interface) -> str:
    return f"master {interface.bridge} " if interface.bridge else ""


def _forward() -> None:
    for family in _SWITCHES[NodeKind.INTERNET]:
        Path("/proc/sys/net", family).write_text("1")
