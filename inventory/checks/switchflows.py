"""What a switch's configuration asks of the network, and fosa of the switch: whether flows let it pass the gateways."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address
from typing import NamedTuple

from inventory.checks import references
from inventory.checks.problem import Path, Problem, warning
from inventory.model import Device, Office, ServicePort, ZonePrefix
from inventory.policy import Oracle
from inventory.words import gettext as _

__all__ = ["LOGS", "RADIUS", "TIME", "check"]

# What `templates/<platform>/config.j2` says (Cisco's RADIUS ports) or leaves at what the makers ship. RADIUS: Juniper's
# statements port and accounting-port (edit system), HPE's Access Security Guide 16.09, MikroTik's manual, RADIUS; of
# AOS-CX general knowledge. Logs: what monitor/facts reads where a text says no port.
LOGS: tuple[ServicePort, ...] = ("udp/514",)
RADIUS: tuple[ServicePort, ...] = ("udp/1812", "udp/1813")
"""Who somebody is, and what was done."""
TIME: tuple[ServicePort, ...] = ("udp/123",)

_SSH = 22


class _Server(NamedTuple):
    """What every switch is told to ask, and where the inventory says so."""

    path: Path
    address: IPv4Address
    ports: tuple[ServicePort, ...]


class _Closed(NamedTuple):
    """What the gateways stop; one message for all switches that have it in common."""

    path: Path
    address: IPv4Address | None
    """None: the switches themselves, from the manager."""
    ports: tuple[ServicePort, ...]


def check(office: Office, today: dt.date) -> Iterator[Problem]:
    """The ways that are closed, the switches of each named together."""
    if not office.switches or not office.gateways or any(references.check(office)):
        # Where a name leads nowhere nobody can say what a flow allows.
        return
    found: defaultdict[_Closed, list[str]] = defaultdict(list)
    servers, ways = tuple(_servers(office)), _Ways(office, today)
    for switch in office.switches:
        if switch.address is not None:
            for closed in (*_to_servers(servers, ways, switch.address), *_from_manager(office, ways, switch)):
                found[closed].append(switch.name)
    for closed, names in found.items():
        yield warning(closed.path, _message(office, closed, names))


class _Ways:
    """Which ways lead through a gateway of ours, and what passes there."""

    def __init__(self, office: Office, today: dt.date) -> None:
        self._oracle = Oracle(office, today)
        self._behind = tuple(_behind_gateways(office))

    def stopped(
        self, source: IPv4Address, destination: IPv4Address, ports: Iterable[ServicePort]
    ) -> tuple[ServicePort, ...]:
        """The ports nobody lets through; none where no gateway of ours stands between."""
        if not self._crosses(source, destination):
            return ()
        return tuple(port for port in ports if not self._passes(source, destination, port))

    def _passes(self, source: IPv4Address, destination: IPv4Address, port: ServicePort) -> bool:
        protocol, _slash, number = port.partition("/")
        return self._oracle.verdict(source, destination, protocol, int(number)).allowed

    def _crosses(self, source: IPv4Address, destination: IPv4Address) -> bool:
        ends = [prefix for prefix in self._behind if source in prefix.network or destination in prefix.network]
        beside = any(source in prefix.network and destination in prefix.network for prefix in ends)
        gateway = any(destination == prefix.gateway_address for prefix in ends)
        return bool(ends) and (gateway or not beside)


def _behind_gateways(office: Office) -> Iterator[ZonePrefix]:
    for gateway in office.gateways:
        for port in gateway.ports:
            if port.zone is not None and (prefix := office.zone(port.zone).prefix_in(gateway.building)) is not None:
                yield prefix


def _servers(office: Office) -> Iterator[_Server]:
    if (first := office.device(office.network.log_server).address) is not None:
        yield _Server(("network", "log_server"), first, LOGS)
    for i, source in enumerate(office.network.time_sources):
        yield _Server(("network", "time_sources", i), source, TIME)
    if (switching := office.switching) is None:
        return
    if switching.second_log_server is not None:
        yield _Server(("switching", "second_log_server"), switching.second_log_server, LOGS)
    for i, server in enumerate(switching.radius):
        yield _Server(("switching", "radius", i, "address"), server.address, RADIUS)


def _to_servers(servers: Iterable[_Server], ways: _Ways, switch: IPv4Address) -> Iterator[_Closed]:
    for server in servers:
        if stopped := ways.stopped(switch, server.address, server.ports):
            yield _Closed(server.path, server.address, stopped)


def _from_manager(office: Office, ways: _Ways, switch: Device) -> Iterator[_Closed]:
    """NETCONF too is spoken on the port of the login: `playbooks/drivers/juniper_junos`."""
    manager, access = office.device(office.network.manager).address, office.access_to(switch.name)
    if manager is None or switch.address is None:
        return
    doors = [(switch.address, _SSH)]
    if access is not None:
        doors = [(login.address, login.port) for login in (access.read, access.write)]
    stopped = [port for address, number in doors for port in ways.stopped(manager, address, (f"tcp/{number}",))]
    if stopped:
        yield _Closed(("network", "manager"), None, tuple(dict.fromkeys(stopped)))


def _message(office: Office, closed: _Closed, names: list[str]) -> str:
    ports, switches = ", ".join(closed.ports), ", ".join(names)
    if closed.address is None:
        text = _(
            "no flow lets {manager} reach {switches} by {ports}, so that fosa will not get to them; "
            "add one from device:{manager} to them, with a service that has these ports"
        )
        return text.format(manager=office.network.manager, switches=switches, ports=ports)
    text = _(
        "no flow lets {switches} reach {server} by {ports}, which their configuration asks for; "
        "add one from them to {end}, with a service that has these ports"
    )
    return text.format(switches=switches, server=closed.address, ports=ports, end=_end(office, closed.address))


def _end(office: Office, address: IPv4Address) -> str:
    """How a flow would name an address."""
    for device in office.devices:
        if device.address == address:
            return f"device:{device.name}"
    for channel in office.channels:
        if any(address in endpoint.pinned for endpoint in channel.endpoints):
            return f"channel:{channel.name}"
    for zone in office.zones:
        for prefix in zone.prefixes:
            if address in prefix.network:
                return f"zone:{zone.name}@{prefix.building}"
    return "internet"
