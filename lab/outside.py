"""What stands outside a practice office: the internet's router, its hosts, and the far ends of tunnels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Interface

from inventory.model import Office, Port, Tunnel, TunnelEnd, Wan, WanRole
from inventory.pairs import pair_of
from lab.inside import ANY, ANY6, cabled_wan, wan_network
from lab.topology import Cable, Interface, Neighbour, Node, NodeKind, Plug, Route, mac_of, six

__all__ = ["INTERNET", "WEB", "far_end", "far_name", "outside"]

INTERNET = "internet"
"""The name of the router everything outside hangs on."""
WEB = IPv4Address("192.0.2.200")
"""An ordinary host of the internet."""

# The router as its hosts see it; link-local, so that no inventory can name it.
_ROUTER = IPv4Interface("169.254.0.1/32")
_ROUTER6 = IPv6Interface("fe80::1/64")


def outside(office: Office) -> tuple[tuple[Node, ...], tuple[Cable, ...]]:
    """The router, everything behind it, and the cables to it, the gateways' lines among them."""
    hosts = tuple(_internet_hosts(office))
    inner = tuple(node for tunnel in office.tunnels for node in _far(office, tunnel))
    far = tuple(node for node in inner if node.kind is NodeKind.FAR_GATEWAY)
    lines = tuple(_lines(office))
    interfaces = [_line_interface(wan, f"w{n}") for n, (_gateway, _port, wan) in enumerate(lines)]
    routes = [route for n, line in enumerate(lines) for route in _line_routes(office, line, f"w{n}")]
    switches, cables = _cabled(office, lines)
    for n, host in enumerate((*hosts, *far)):
        interfaces.append(Interface(f"h{n}", (_ROUTER, _ROUTER6)))
        routes.extend(_host_routes(host, f"h{n}"))
        cables.append(Cable(Plug(host.name, host.interfaces[0].name), Plug(INTERNET, f"h{n}")))
    cables += [Cable(Plug(node.name, "lan0"), Plug(f"{node.name}-host", "eth0")) for node in far]
    neighbours = tuple(_line_neighbour(wan, f"w{n}") for n, (_gateway, _port, wan) in enumerate(lines))
    router = Node(INTERNET, NodeKind.INTERNET, tuple(interfaces), tuple(routes), neighbours)
    return (router, *hosts, *inner, *switches), tuple(cables)


def far_name(tunnel: Tunnel) -> str:
    """The name of the gateway at the end of a tunnel that is not ours."""
    return f"far-{tunnel.name}"


def far_end(tunnel: Tunnel) -> TunnelEnd | None:
    """The end that is not ours, where there is one and its address is known."""
    return next((end for end in tunnel.ends if end.device is None and end.address is not None), None)


_Line = tuple[str, Port, Wan]
"""A gateway, its port, and the line on it."""


def _lines(office: Office) -> Iterator[_Line]:
    """Each once, at the gateway that the inventory names."""
    for device in office.gateways:
        for port in device.ports:
            if device.stands_by is None and (wan := cabled_wan(office, port)) is not None:
                yield device.name, port, wan


def _cabled(office: Office, lines: tuple[_Line, ...]) -> tuple[list[Node], list[Cable]]:
    """Every line's cables to the router. Where two gateways share lines, a switch stands between, one bridge a line."""
    ports: dict[str, list[Interface]] = {}
    cables = []
    for n, (gateway, port, _wan) in enumerate(lines):
        plugs = [Plug(gateway, port.name)]
        if (pair := pair_of(office, gateway)) is not None:
            plugs.append(Plug(pair.standby.name, port.name))
            switch, bridge = f"line-{gateway}", f"br{n}"
            for plug in (Plug(INTERNET, f"w{n}"), *plugs):
                here = ports.setdefault(switch, [])
                here.append(Interface(f"p{len(here) + 1}", bridge=bridge))
                cables.append(Cable(plug, Plug(switch, here[-1].name)))
        else:
            cables.append(Cable(plugs[0], Plug(INTERNET, f"w{n}")))
    return [Node(name, NodeKind.SWITCH, tuple(found)) for name, found in ports.items()], cables


def _line_interface(wan: Wan, name: str) -> Interface:
    assert wan.gateway is not None  # noqa: S101  cabled_wan gives no other
    network = wan_network(wan)
    addresses = (IPv4Interface((wan.gateway, network.prefixlen)), six(wan.gateway, network))
    return Interface(name, addresses, mac_of(wan.gateway))


def _line_neighbour(wan: Wan, name: str) -> Neighbour:
    assert wan.address is not None  # noqa: S101  cabled_wan gives no other
    return Neighbour(six(wan.address, wan_network(wan)).ip, mac_of(wan.address), name)


def _line_routes(office: Office, line: _Line, name: str) -> Iterator[Route]:
    """A provider that routes the office's inner networks to it: the worst one there is, so that a leak arrives."""
    gateway, _port, wan = line
    building = office.building(office.device(gateway).building)
    assert wan.address is not None  # noqa: S101  cabled_wan gives no other
    if wan.role is not WanRole.PRIMARY:
        return
    yield Route(building.prefix, name, str(wan.address))
    via6 = str(six(wan.address, wan_network(wan)).ip)
    for zone in office.zones:
        if (prefix := zone.prefix_in(building.name)) is not None:
            yield Route(six(prefix.gateway_address, prefix.network, prefix.network6).network, name, via6)


def _host_routes(host: Node, name: str) -> Iterator[Route]:
    for interface in host.interfaces[:1]:
        for address in interface.addresses:
            if not address.is_link_local:
                yield Route(address.network, name)


def _internet_hosts(office: Office) -> Iterator[Node]:
    far_networks = [network for tunnel in office.tunnels for end in tunnel.ends for network in end.networks]
    seen: set[IPv4Address] = set()
    for name, kind, address in _outside_addresses(office):
        if address not in seen and not any(address in network for network in far_networks):
            seen.add(address)
            yield Node(name, kind, (_internet_interface("eth0", address),), _default("eth0"))


def _outside_addresses(office: Office) -> Iterator[tuple[str, NodeKind, IPv4Address]]:
    for number, address in enumerate(office.network.time_sources, 1):
        yield f"time-{number}", NodeKind.TIME_SOURCE, address
    for channel in office.channels:
        pinned = [address for endpoint in channel.endpoints for address in endpoint.pinned]
        for number, address in enumerate(pinned, 1):
            yield f"channel-{channel.name}-{number}", NodeKind.HOST, address
    yield "web", NodeKind.HOST, WEB


def _internet_interface(name: str, address: IPv4Address) -> Interface:
    own6 = six(address, IPv4Network(address))
    return Interface(name, (IPv4Interface(address), IPv6Interface((own6.ip, 128))))


def _default(name: str) -> tuple[Route, ...]:
    link = Route(IPv4Network(_ROUTER.ip), name)
    return link, Route(ANY, name, str(_ROUTER.ip)), Route(ANY6, name, str(_ROUTER6.ip))


def _far(office: Office, tunnel: Tunnel) -> Iterator[Node]:
    """A gateway that is not ours and a host behind it that holds every address pinned for a channel of the tunnel."""
    end = far_end(tunnel)
    if end is None or end.address is None:
        return
    network = end.networks[0]
    gateway = network.network_address + 1
    addresses = _behind(office, network, gateway)
    inner = Interface("lan0", (IPv4Interface((gateway, network.prefixlen)),))
    outer = _internet_interface("wan0", end.address)
    yield Node(far_name(tunnel), NodeKind.FAR_GATEWAY, (outer, inner), _default("wan0"))
    own = Interface("eth0", tuple(IPv4Interface((address, network.prefixlen)) for address in addresses))
    yield Node(f"{far_name(tunnel)}-host", NodeKind.HOST, (own,), (Route(ANY, "eth0", str(gateway)),))


def _behind(office: Office, network: IPv4Network, gateway: IPv4Address) -> Iterable[IPv4Address]:
    pinned = (address for channel in office.channels for endpoint in channel.endpoints for address in endpoint.pinned)
    named = [address for address in dict.fromkeys(pinned) if address in network and address != gateway]
    return named or [gateway + 1]
