"""Where gateways of Piła send packets, as `ip` of their practice office says it."""

from __future__ import annotations

from ipaddress import IPv4Network

from inventory.model import Office
from monitor.facts.linux_gateway.routes import ROUTING
from templates.linux_gateway.ports import TUNNEL_INTERFACE, wan_ports, zone_ports

__all__ = ["roads"]

ROUTES, ROUTES6, RULES, RULES6, POLICIES = ROUTING
_BEHIND = " proto static scope global src 10.64.0.1"


def roads(office: Office, name: str) -> dict[str, str]:
    """The sections of a gateway whose tunnels are up."""
    device = office.device(name)
    far = {n for t in office.tunnels_of(name) if (end := t.far_end_of(name)) is not None for n in end.networks}
    lines = wan_ports(office, device)
    routes = [*_tunnelled(far)]
    rules = ["0:\tfrom all lookup local", "220:\tfrom all lookup main"]
    for number, line in enumerate(lines, 101):
        routes.append(
            f"unicast default via {line.gateway} dev {line.interface} table main proto boot scope global metric 100"
        )
        if line.address is not None and len(lines) > 1:
            routes.append(
                f"unicast default via {line.gateway} dev {line.interface} table {number} proto boot scope global"
            )
            rules.append(f"{number}:\tfrom {line.address} lookup {number}")
    ports = zone_ports(office, device)
    routes += [
        f"unicast {port.network} dev {port.interface} table main proto kernel scope link src {port.address}"
        for port in ports
    ]
    six = [
        f"unicast {port.network6} dev {port.interface} table main proto kernel scope global metric 256 pref medium"
        for port in ports
        if port.network6 is not None
    ]
    return {
        ROUTES: _text([*routes, "broadcast 10.64.0.255 dev vlan10 table local proto kernel scope link src 10.64.0.1"]),
        ROUTES6: _text(
            [*six, "multicast ff00::/8 dev ipsec0 table local proto kernel scope global metric 256 pref medium"]
        ),
        RULES: _text([*rules, "32766:\tfrom all lookup main", "32767:\tfrom all lookup default"]),
        RULES6: "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n",
        POLICIES: "",
    }


def _tunnelled(far: set[IPv4Network]) -> list[str]:
    """What charon lays while a tunnel is up, and what holds when it is not."""
    return [
        f"{way} {network}{rest}"
        for network in sorted(far)
        for way, rest in (
            ("unicast", f" dev {TUNNEL_INTERFACE} table main{_BEHIND}"),
            ("unreachable", " dev lo table main proto boot scope global metric 4000000000"),
        )
    ]


def _text(lines: list[str]) -> str:
    return "".join(f"{line} \n" for line in lines)
