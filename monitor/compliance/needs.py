"""What a gateway needs beside the office's flows, to be a gateway of this office: derived from the inventory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address

from inventory.model import Device, Office
from inventory.pairs import pair_of
from inventory.ways import ways
from monitor.compliance.grants import inner_addresses, own_addresses, own_lines
from monitor.compliance.spaces import ESP, ICMP, ICMP6, TCP, UDP, V4, V6, VRRP, Fields, Grant, hosts, names, numbers
from monitor.facts.space import Field, Ranges, Space, Values

__all__ = ["manager_address", "needs"]

_IKE = numbers(500, 4500)
_SYSLOG_TLS = numbers(6514)
_NTP = numbers(123)
_SNMP = numbers(161)
_ERRORS = numbers(3, 11, 12)
"""Destination unreachable, time exceeded, parameter problem."""
_NEIGHBOURS = numbers(133, 134, 135, 136)
"""IPv6 router and neighbour discovery."""


def needs(office: Office, device: Device) -> tuple[Grant, ...]:
    """The needs of one gateway."""
    return (
        *_itself(),
        *_lines(office, device),
        *_manager(office),
        *_logs(office),
        *_time(office),
        *_neighbours(office, device),
        *_pair(office, device),
    )


def manager_address(office: Office) -> IPv4Address | None:
    """The only address that may manage."""
    return office.device(office.network.manager).address


def _itself() -> Iterator[Grant]:
    yield Grant("loopback", Space({Field.IN_INTERFACE: names(["lo"])}))
    yield Grant("loopback", Space({Field.OUT_INTERFACE: names(["lo"])}))
    yield Grant("icmp-errors", Space({Field.FAMILY: V4, Field.PROTOCOL: ICMP, Field.ICMP_TYPE: _ERRORS}))


def _lines(office: Office, device: Device) -> Iterator[Grant]:
    """IKE and ESP with the far ends of its tunnels, and the address where the provider gives a changing one."""
    lines = own_lines(office, device)
    outside = names(line.interface for line in lines)
    fixed, roaming = _peers(office, device)
    yield from _echoes(office, device, outside)
    for interface, far in ((Field.IN_INTERFACE, Field.SOURCE), (Field.OUT_INTERFACE, Field.DESTINATION)):
        if fixed:
            yield from _ike({interface: outside, Field.FAMILY: V4, far: fixed}, Field.DESTINATION_PORT)
        if roaming:
            # Such a peer may stand behind a translator of addresses: only our own port is known.
            ours = Field.DESTINATION_PORT if interface is Field.IN_INTERFACE else Field.SOURCE_PORT
            yield from _ike({interface: outside}, ours)
    given = names(line.interface for line in lines if line.address is None)
    if given.names:
        for interface, here, there in ((Field.IN_INTERFACE, 68, 67), (Field.OUT_INTERFACE, 67, 68)):
            ports = {Field.DESTINATION_PORT: numbers(here), Field.SOURCE_PORT: numbers(there)}
            yield Grant("dhcp", Space({interface: given, Field.PROTOCOL: UDP, **ports}))


def _ike(peer: Mapping[Field, Values], port: Field) -> Iterator[Grant]:
    yield Grant("ike", Space({**peer, Field.PROTOCOL: UDP, port: _IKE}))
    yield Grant("esp", Space({**peer, Field.PROTOCOL: ESP}))


def _peers(office: Office, device: Device) -> tuple[Ranges, bool]:
    """The outer addresses of the far ends, and whether one of them is not known beforehand."""
    found = [way.far for tunnel in office.tunnels_of(device.name) for way in ways(office, tunnel, device.name)]
    return hosts(address for address in found if address is not None), None in found


def _echoes(office: Office, device: Device, outside: Values) -> Iterator[Grant]:
    """Where a tunnel may take several ways, its ends ask each other, and their lines' routers, whether these carry."""
    several = [found for t in office.tunnels_of(device.name) if len(found := ways(office, t, device.name)) > 1]
    if not several:
        return
    asked: Fields = {Field.FAMILY: V4, Field.PROTOCOL: ICMP, Field.ICMP_TYPE: numbers(8)}
    far = hosts({way.far for found in several for way in found if way.far is not None})
    routers = hosts(wan.gateway for wan in office.wans if wan.device == device.name and wan.gateway is not None)
    yield Grant("echo", Space({**asked, Field.IN_INTERFACE: outside, Field.SOURCE: far}))
    yield Grant("echo", Space({**asked, Field.OUT_INTERFACE: outside, Field.DESTINATION: far}))
    yield Grant("echo", Space({**asked, Field.OUT_INTERFACE: outside, Field.DESTINATION: routers}))


def _manager(office: Office) -> Iterator[Grant]:
    manager = manager_address(office)
    if manager is None:
        return
    for device in office.gateways:
        inside = hosts(inner_addresses(office, device))
        way: Fields = {Field.FAMILY: V4, Field.SOURCE: hosts([manager]), Field.DESTINATION: inside}
        access = office.access_to(device.name)
        ssh = {22} if access is None else {access.read.port, access.write.port}
        yield Grant("management", Space({**way, Field.PROTOCOL: TCP, Field.DESTINATION_PORT: numbers(*ssh)}))
        yield Grant("monitoring", Space({**way, Field.PROTOCOL: UDP, Field.DESTINATION_PORT: _SNMP}))
        yield Grant("monitoring", Space({**way, Field.PROTOCOL: ICMP, Field.ICMP_TYPE: numbers(8)}))


def _logs(office: Office) -> Iterator[Grant]:
    server = office.device(office.network.log_server).address
    if server is not None:
        way: Fields = {Field.FAMILY: V4, Field.SOURCE: _senders(office), Field.DESTINATION: hosts([server])}
        yield Grant("logs", Space({**way, Field.PROTOCOL: TCP, Field.DESTINATION_PORT: _SYSLOG_TLS}))


def _time(office: Office) -> Iterator[Grant]:
    way: Fields = {
        Field.FAMILY: V4,
        Field.SOURCE: _senders(office),
        Field.DESTINATION: hosts(office.network.time_sources),
    }
    yield Grant("time", Space({**way, Field.PROTOCOL: UDP, Field.DESTINATION_PORT: _NTP}))


def _senders(office: Office) -> Ranges:
    """Every address a gateway may speak from."""
    return hosts(a for device in office.gateways for a in own_addresses(office, device))


def _pair(office: Office, device: Device) -> Iterator[Grant]:
    """What two gateways of which one stands by tell each other, and nobody else (VRRP: RFC 5798)."""
    pair = pair_of(office, device.name)
    if pair is None:
        return
    addresses = [each.address for each in (pair.first, pair.standby) if each.address is not None]
    own, mate = hosts(a for a in addresses if a == device.address), hosts(a for a in addresses if a != device.address)
    heard: Fields = {Field.FAMILY: V4, Field.PROTOCOL: VRRP}
    yield Grant("vrrp", Space({**heard, Field.SOURCE: mate, Field.DESTINATION: own}))
    # What leaves bears any of this gateway's addresses; where it goes is what counts.
    yield Grant("vrrp", Space({**heard, Field.DESTINATION: mate}))


def _neighbours(office: Office, device: Device) -> Iterator[Grant]:
    if any(_speaks6(office, device, port.zone) for port in device.ports if port.zone is not None):
        yield Grant("neighbours", Space({Field.FAMILY: V6, Field.PROTOCOL: ICMP6, Field.ICMP6_TYPE: _NEIGHBOURS}))


def _speaks6(office: Office, device: Device, zone: str) -> bool:
    prefix = office.zone(zone).prefix_in(device.building)
    return prefix is not None and prefix.network6 is not None
