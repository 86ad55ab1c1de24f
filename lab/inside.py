"""The buildings of a practice office: gateways, switches, a host for each zone, and the servers of the inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Interface, IPv6Network

from inventory.errors import LabError
from inventory.model import Device, DeviceKind, DeviceStatus, Office, Port, Wan, WanRole, Zone, ZonePrefix
from inventory.words import gettext as _
from lab.topology import Cable, Interface, Neighbour, Node, NodeKind, Plug, Route, mac_of, six

__all__ = ["ANY", "ANY6", "building_nodes", "cabled_wan", "host_name", "wan_network", "wire"]

ANY = IPv4Network("0.0.0.0/0")
ANY6 = IPv6Network("::/0")


def host_name(zone: str, building: str) -> str:
    """The name of the ordinary host of a zone in a building."""
    return f"host-{zone}-{building}"


def building_nodes(office: Office, building: str) -> Iterator[Node]:
    """The gateways, emulated switches and hosts of a building; `wire` adds what joins them."""
    for device in office.gateways:
        if device.building == building:
            yield _gateway(office, device) if device.stands_by is None else _standby(office, device)
    for device in office.switches:
        if device.building == building:
            yield _switch(office, device)
    yield from _appliances(office, building)
    for zone in office.zones:
        if (prefix := zone.prefix_in(building)) is not None:
            yield from _zone_hosts(office, zone, prefix)


def wire(office: Office, building: str, nodes: Iterable[Node]) -> tuple[Node, tuple[Cable, ...]]:
    """The switch of a building, one bridge a zone, and the cables into it."""
    ports: list[Interface] = []
    cables: list[Cable] = []
    for plug, zone in _plugs(office, building, nodes):
        port = f"p{len(ports) + 1}"
        ports.append(Interface(port, bridge=f"br{office.zone(zone).vlan}"))
        cables.append(Cable(plug, Plug(f"lan-{building}", port)))
    return Node(f"lan-{building}", NodeKind.SWITCH, tuple(ports), building=building), tuple(cables)


def cabled_wan(office: Office, port: Port) -> Wan | None:
    """The line on a port, where the lab can lay one: with an address and a gateway."""
    if port.wan is None:
        return None
    wan = office.wan(port.wan)
    return wan if wan.address and wan.gateway and wan.prefix_length else None


def wan_network(wan: Wan) -> IPv4Network:
    """The network between a gateway and its provider, for a line that `cabled_wan` gave."""
    return IPv4Network(f"{wan.address}/{wan.prefix_length}", strict=False)


def _plugs(office: Office, building: str, nodes: Iterable[Node]) -> Iterator[tuple[Plug, str]]:
    for node in nodes:
        if node.building != building:
            continue
        if node.kind is NodeKind.GATEWAY:
            for port in office.device(node.name).ports:
                if port.zone is not None:
                    yield Plug(node.name, port.name), port.zone
        else:
            yield Plug(node.name, "eth0"), node.zone


def _standby(office: Office, device: Device) -> Node:
    """Cabled as the gateway it stands by for, with cards of its own; what addresses it has, it gives itself."""
    interfaces = []
    for port in device.ports:
        wan = cabled_wan(office, port)
        prefix = office.zone(port.zone).prefix_in(device.building) if port.zone is not None else None
        shared = wan.address if wan is not None else prefix.gateway_address if prefix is not None else None
        if shared is not None:
            interfaces.append(Interface(port.name, mac=mac_of(shared, standby=True)))
    return Node(device.name, NodeKind.GATEWAY, tuple(interfaces), building=device.building)


def _gateway(office: Office, device: Device) -> Node:
    interfaces: list[Interface] = []
    routes: list[Route] = []
    neighbours: list[Neighbour] = []
    for port in device.ports:
        wan = cabled_wan(office, port)
        prefix = office.zone(port.zone).prefix_in(device.building) if port.zone is not None else None
        if wan is not None and wan.address is not None and wan.gateway is not None:
            network = wan_network(wan)
            provider = six(wan.gateway, network).ip
            interfaces.append(Interface(port.name, (six(wan.address, network),), mac_of(wan.address)))
            if wan.role is WanRole.PRIMARY:
                routes.append(Route(ANY6, port.name, str(provider)))
            neighbours.append(Neighbour(provider, mac_of(wan.gateway), port.name))
        elif prefix is not None and port.zone is not None:
            own = prefix.gateway_address
            interfaces.append(Interface(port.name, (_six(own, prefix),), mac_of(own)))
            hosts = _zone_hosts(office, office.zone(port.zone), prefix)
            neighbours += [Neighbour(host.addresses6[0].ip, host.interfaces[0].mac, port.name) for host in hosts]
        elif port.zone is not None:
            interfaces.append(Interface(port.name))
    found = (tuple(interfaces), tuple(routes), tuple(neighbours))
    return Node(device.name, NodeKind.GATEWAY, *found, building=device.building)


def _switch(office: Office, device: Device) -> Node:
    """At its own address in its zone, with one leg: what it would switch goes by the building's wires."""
    prefix = None if device.zone is None else office.zone(device.zone).prefix_in(device.building)
    if prefix is None or device.zone is None or device.address is None:
        raise LabError(_("switch {name} has no zone or no address in its building").format(name=device.name))
    own = Interface("eth0", (IPv4Interface((device.address, prefix.network.prefixlen)),), mac_of(device.address))
    routes = (Route(ANY, "eth0", str(prefix.gateway_address)),)
    return Node(device.name, NodeKind.EMULATED, (own,), routes, building=device.building, zone=device.zone)


def _appliances(office: Office, building: str) -> Iterator[Node]:
    """A node for each UPS, and one for all the printers of a zone: so many more would only cost memory."""
    for zone in office.zones:
        if (prefix := zone.prefix_in(building)) is None:
            continue
        here = [each for each in office.devices if each.zone == zone.name and each.building == building]
        there = [each for each in here if each.address in prefix.network and each.status is DeviceStatus.IN_USE]
        if printers := [each for each in there if each.kind is DeviceKind.PRINTER]:
            yield _appliance(f"printers-{zone.name}-{building}", printers, zone, prefix)
        for device in there:
            if device.kind is DeviceKind.UPS:
                yield _appliance(device.name, [device], zone, prefix)


def _appliance(name: str, devices: list[Device], zone: Zone, prefix: ZonePrefix) -> Node:
    addresses = [device.address for device in devices if device.address is not None]
    own = tuple(IPv4Interface((address, prefix.network.prefixlen)) for address in addresses)
    routes = (Route(ANY, "eth0", str(prefix.gateway_address)),)
    interface = Interface("eth0", own, mac_of(addresses[0]))
    return Node(name, NodeKind.APPLIANCE, (interface,), routes, building=prefix.building, zone=zone.name)


def _zone_hosts(office: Office, zone: Zone, prefix: ZonePrefix) -> Iterator[Node]:
    taken = {device.address for device in office.devices} | {prefix.gateway_address}
    for device in office.devices:
        if device.address is not None and _stands(office, device) and device.address in prefix.network:
            kind = NodeKind.LOG_SERVER if device.name == office.network.log_server else NodeKind.HOST
            yield _host(device.name, kind, device.address, zone, prefix)
    yield _host(host_name(zone.name, prefix.building), NodeKind.HOST, _free(prefix.network, taken), zone, prefix)


def _stands(office: Office, device: Device) -> bool:
    """Whether a device of the inventory gets a host of its own."""
    needed = device.name in {office.network.manager, office.network.log_server}
    return (needed or device.kind is DeviceKind.SERVER) and device.status is DeviceStatus.IN_USE and not device.managed


def _host(name: str, kind: NodeKind, address: IPv4Address, zone: Zone, prefix: ZonePrefix) -> Node:
    own = IPv4Interface((address, prefix.network.prefixlen))
    gateway6 = _six(prefix.gateway_address, prefix).ip
    return Node(
        name,
        kind,
        (Interface("eth0", (own, _six(address, prefix)), mac_of(address)),),
        (Route(ANY, "eth0", str(prefix.gateway_address)), Route(ANY6, "eth0", str(gateway6))),
        (Neighbour(gateway6, mac_of(prefix.gateway_address), "eth0"),),
        building=prefix.building,
        zone=zone.name,
    )


def _six(address: IPv4Address, prefix: ZonePrefix) -> IPv6Interface:
    return six(address, prefix.network, prefix.network6)


def _free(network: IPv4Network, taken: set[IPv4Address | None]) -> IPv4Address:
    """The highest address nobody has."""
    for number in range(int(network.broadcast_address) - 1, int(network.network_address), -1):
        if (address := IPv4Address(number)) not in taken:
            return address
    raise LabError(_("{network} has no free address for a host of the lab").format(network=network))
