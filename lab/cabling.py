"""A topology made real: namespaces, links, bridges, addresses and routes, in a few calls of `ip`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lab import namespace
from lab.topology import Interface, Node, NodeKind, Topology

__all__ = ["address_lines", "lay"]

_ROUTERS = frozenset({NodeKind.INTERNET, NodeKind.FAR_GATEWAY})


def lay(topology: Topology, prefix: str) -> None:
    """Make every node's namespace, plug every cable, and give addresses to all but our own gateways."""
    namespace.create(prefix + node.name for node in topology.nodes)
    namespace.batch(
        f"link add {cable.near.interface} netns {prefix}{cable.near.node} type veth "
        f"peer name {cable.far.interface} netns {prefix}{cable.far.node}"
        for cable in topology.cables
    )
    for node in topology.nodes:
        if node.kind in _ROUTERS:
            namespace.inside(prefix + node.name, _forward)
        if lines := list(_lines(node)):
            namespace.batch(lines, prefix + node.name)


def address_lines(node: Node) -> Iterator[str]:
    """The lines for `ip -batch` that give a node the lab's addresses and routes."""
    for interface in node.interfaces:
        for address in interface.addresses:
            yield f"addr add {address} dev {interface.name}{' nodad' if address.version == 6 else ''}"
    for route in node.routes:
        yield f"route add {route.to} {f'via {route.via} ' if route.via else ''}dev {route.device}"


def _lines(node: Node) -> Iterator[str]:
    if node.kind is NodeKind.GATEWAY:
        return
    if node.kind is NodeKind.SWITCH:
        for bridge in dict.fromkeys(interface.bridge for interface in node.interfaces):
            yield f"link add {bridge} type bridge forward_delay 0 mcast_snooping 0"
            yield f"link set {bridge} up"
    for interface in node.interfaces:
        yield f"link set {interface.name} {_master(interface)}up"
    yield from address_lines(node)


def _master(interface: Interface) -> str:
    return f"master {interface.bridge} " if interface.bridge else ""


def _forward() -> None:
    for family in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        Path("/proc/sys/net", family).write_text("1")
