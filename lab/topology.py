"""What stands in a practice office and how it is cabled: frozen values, nothing made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network

__all__ = ["ALIVE", "Cable", "Interface", "Neighbour", "Node", "NodeKind", "Plug", "Route", "Topology", "mac_of", "six"]


class NodeKind(StrEnum):
    """What a node is, and so what runs on it."""

    GATEWAY = "gateway"
    FAR_GATEWAY = "far_gateway"
    INTERNET = "internet"
    SWITCH = "switch"
    """Only wires: one bridge a zone."""
    EMULATED = "emulated"
    """A switch that fosa configures, as fosa sees it: what it is told does not reach the wires."""
    APPLIANCE = "appliance"
    """A UPS, or all printers of a building: nothing but an agent that answers for them."""
    LOG_SERVER = "log_server"
    TIME_SOURCE = "time_source"
    HOST = "host"


ALIVE = (NodeKind.GATEWAY, NodeKind.FAR_GATEWAY, NodeKind.LOG_SERVER, NodeKind.TIME_SOURCE)
"""The kinds that are devices: with a root, a disk and processes of their own."""


@dataclass(frozen=True, slots=True)
class Interface:
    """An interface with the addresses the lab gives it; a gateway's IPv4 addresses come with its day 0."""

    name: str
    addresses: tuple[IPv4Interface | IPv6Interface, ...] = ()
    mac: str = ""
    bridge: str = ""
    """On a switch: the bridge it is a port of."""


@dataclass(frozen=True, slots=True)
class Route:
    """A route the lab sets; without `via` the network is on the link itself."""

    to: IPv4Network | IPv6Network
    device: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A known IPv6 neighbour. A firewall that refuses to answer for its address must not be what hides a leak."""

    address: IPv6Address
    mac: str
    device: str


@dataclass(frozen=True, slots=True)
class Node:
    """One network namespace. `building` and `zone` are empty for what stands outside or in no zone."""

    name: str
    kind: NodeKind
    interfaces: tuple[Interface, ...] = ()
    routes: tuple[Route, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    building: str = ""
    zone: str = ""

    @property
    def addresses(self) -> tuple[IPv4Address, ...]:
        """Its IPv4 addresses, the first one its own; none on a gateway of ours."""
        every = (address for interface in self.interfaces for address in interface.addresses)
        return tuple(
            address.ip for address in every if isinstance(address, IPv4Interface) and not address.ip.is_link_local
        )

    @property
    def addresses6(self) -> tuple[IPv6Interface, ...]:
        """Its IPv6 test addresses."""
        every = (address for interface in self.interfaces for address in interface.addresses)
        return tuple(address for address in every if isinstance(address, IPv6Interface) and not address.is_link_local)


@dataclass(frozen=True, slots=True)
class Plug:
    """One end of a cable."""

    node: str
    interface: str


@dataclass(frozen=True, slots=True)
class Cable:
    """Two plugged ends."""

    near: Plug
    far: Plug


@dataclass(frozen=True, slots=True)
class Topology:
    """All nodes and all cables."""

    nodes: tuple[Node, ...]
    cables: tuple[Cable, ...]

    def node(self, name: str) -> Node:
        """The node of that name; KeyError when there is none."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(name)

    def of(self, *kinds: NodeKind) -> tuple[Node, ...]:
        """The nodes of these kinds."""
        return tuple(node for node in self.nodes if node.kind in kinds)

    def holder(self, address: IPv4Address) -> Node | None:
        """The node an address lies on; gateways' own IPv4 addresses are not the lab's to give."""
        return next((node for node in self.nodes if address in node.addresses), None)

    def opposite(self, node: str, interface: str) -> Plug | None:
        """Where the cable from this interface ends."""
        here = Plug(node, interface)
        for cable in self.cables:
            if here in {cable.near, cable.far}:
                return cable.far if cable.near == here else cable.near
        return None


def six(address: IPv4Address, network: IPv4Network, within: IPv6Network | None = None) -> IPv6Interface:
    """The IPv6 test address beside an IPv4 one: that IPv6 is denied is to be seen, not assumed."""
    base = int(within.network_address) if within else (0xFD64 << 112) | (int(network.network_address) << 64)
    return IPv6Interface((base | int(address), 64))


def mac_of(address: IPv4Address, *, standby: bool = False) -> str:
    """The hardware address of the interface that holds this address: known beforehand to its IPv6 neighbours.

    The gateway that stands by for the holder has another.
    """
    return f"02:f{int(standby)}:" + ":".join(f"{byte:02x}" for byte in address.packed)
