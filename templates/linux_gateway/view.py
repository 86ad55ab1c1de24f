"""What the templates of one gateway see: values only, nothing to be computed in a template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from inventory.errors import RenderError
from inventory.model import Device, Esp, Office
from inventory.pairs import in_its_place
from inventory.words import gettext as _
from templates.filters import Fragment
from templates.linux_gateway import addresses
from templates.linux_gateway.asked import Asked, asked
from templates.linux_gateway.ends import device_address
from templates.linux_gateway.policy import Chain, Policy, Protocol, compile_policy
from templates.linux_gateway.ports import TUNNEL_INTERFACE, WanPort, ZonePort, wan_ports, zone_ports
from templates.linux_gateway.sharing import Sharing, sharing
from templates.linux_gateway.tunnels import Connection, connections, inner_mss, lines_json
from templates.secret import placeholder

__all__ = ["Gateway", "ManagedGateway", "ManagedSwitch", "Services", "ZoneName", "gateway_view"]

_SSH_PORT = 22
_NTP = 123


@dataclass(frozen=True, slots=True)
class ZoneName:
    """A zone and its networks in every building, for naming the far side of a denial."""

    name: str
    networks: tuple[IPv4Network, ...]


@dataclass(frozen=True, slots=True)
class ManagedGateway:
    """Where a gateway listens for its manager."""

    address: IPv4Address
    ssh_port: int


@dataclass(frozen=True, slots=True)
class ManagedSwitch:
    """A switch as the manager reaches it through this gateway."""

    address: IPv4Address
    ssh_port: int
    interface: str
    """Where it is, seen from here."""


@dataclass(frozen=True, slots=True)
class Services:
    """Who manages, logs and tells the time, as this gateway sees them."""

    manager: IPv4Address
    manager_interface: str
    """Where the manager's packets must arrive."""
    ssh_port: int
    log_server: IPv4Address
    log_name: str
    log_interface: str
    time_sources: tuple[IPv4Address, ...]
    time_clients: tuple[IPv4Network, ...]
    snmp_user: str
    snmp_auth: Fragment
    snmp_priv: Fragment


@dataclass(frozen=True, slots=True)
class Gateway:
    """One gateway, ready to be written down."""

    name: str
    building: str
    domain: str
    address: IPv4Address
    esp: Esp
    zones: tuple[ZonePort, ...]
    wans: tuple[WanPort, ...]
    connections: tuple[Connection, ...]
    services: Services
    policy: Policy
    all_zones: tuple[ZoneName, ...]
    inside: tuple[IPv4Network, ...]
    protected: tuple[IPv4Network, ...]
    not_internet: tuple[IPv4Network, ...]
    bogons: tuple[IPv4Network, ...]
    gateways: tuple[IPv4Address, ...]
    managed: tuple[ManagedGateway, ...]
    """Every gateway as the manager reaches it."""
    switches: tuple[ManagedSwitch, ...]
    """The switches on whose way from the manager this gateway is, or may be."""
    asked: tuple[Asked, ...]
    """Platforms whose answers are taken note of."""
    shared: Sharing | None = None
    """What it holds only while it works, where another gateway may do its work."""

    @property
    def tunnel_interface(self) -> str:
        """Where decrypted traffic arrives and leaves."""
        return TUNNEL_INTERFACE

    @property
    def kernel_esp(self) -> bool:
        """Whether the kernel encrypts, on an XFRM interface."""
        return self.esp is Esp.KERNEL

    @property
    def has_wan(self) -> bool:
        """Whether the gateway has a line at all."""
        return bool(self.wans)

    @property
    def wan_names(self) -> tuple[str, ...]:
        """The interfaces of the lines."""
        return tuple(wan.interface for wan in self.wans)

    @property
    def peers(self) -> tuple[IPv4Address, ...]:
        """The outer addresses of the tunnels' far ends, sorted."""
        return tuple(sorted({way.far for c in self.connections for way in c.ways if way.far is not None}))

    @property
    def own_peers(self) -> tuple[IPv4Address, ...]:
        """Those of them that are ours, where the way to them may change: they are asked whether they live."""
        ours = (c for c in self.connections if c.ours and c.several)
        return tuple(sorted({way.far for c in ours for way in c.ways if way.far is not None}))

    @property
    def routers(self) -> tuple[IPv4Address, ...]:
        """The providers' routers, where there are several lines."""
        found = (wan.gateway for wan in self.wans if wan.gateway is not None and wan.address is not None)
        return tuple(found) if self.own_peers else ()

    @property
    def lines_json(self) -> str:
        """What /usr/local/lib/fosa/lines works from; empty where no way can change."""
        if self.shared is None:
            return lines_json(self.wans, self.connections) if self.own_peers else ""
        return lines_json(self.wans, self.connections, self.shared.meeting.address)

    @property
    def hidden_peers(self) -> tuple[IPv4Address, ...]:
        """Peers on a private line: the guard must let IKE and ESP to them through."""
        return tuple(peer for peer in self.peers if any(peer in network for network in self.protected))

    @property
    def roaming_peers(self) -> bool:
        """Whether a far end's address is not known beforehand."""
        return any(c.remote_address is None for c in self.connections)

    @property
    def psk_connections(self) -> tuple[Connection, ...]:
        """The tunnels that need a shared key."""
        return tuple(c for c in self.connections if c.shared_keys)

    @property
    def tunnel_sources(self) -> tuple[IPv4Network, ...]:
        """What may come out of the tunnels."""
        return tuple(sorted({network for c in self.connections for network in c.remote_networks}))

    @property
    def own_networks(self) -> tuple[IPv4Network, ...]:
        """The networks of this building: never a true source in a tunnel."""
        return tuple(port.network for port in self.zones)

    @property
    def zones6(self) -> tuple[ZonePort, ...]:
        """The zones that speak IPv6."""
        return tuple(port for port in self.zones if port.network6 is not None)

    @property
    def zone6_names(self) -> tuple[str, ...]:
        """The interfaces of the zones that speak IPv6."""
        return tuple(port.interface for port in self.zones6)

    @property
    def reverse_path(self) -> int:
        """The kernel's own check of senders: strict with one line; with several an answer may take the other."""
        return 1 if len(self.wans) == 1 else 2

    @property
    def deniers(self) -> tuple[str, ...]:
        """The zones and channels that denials are counted and named for, each once."""
        return tuple(dict.fromkeys(chain.source for chain in self.policy.chains))

    @property
    def chains6(self) -> tuple[Chain, ...]:
        """The chains that IPv6 senders come to."""
        return tuple(chain for chain in self.policy.chains if chain.network6 is not None)

    @property
    def tunnel_mss(self) -> int:
        """The largest segment through the tunnels: the narrowest line counts."""
        used = {c.wan for c in self.connections}
        near = {way.near for c in self.connections for way in c.ways} - {None}
        mtus = [wan.mtu for wan in self.wans if wan.wan in used or wan.address in near] or [1500]
        return inner_mss(min(mtus))


def gateway_view(office: Office, device: Device, today: dt.date) -> Gateway:
    """Everything the templates need to know of one gateway."""
    if device.address is None:
        raise RenderError(_("gateway {name} has no address to be managed by").format(name=device.name))
    office = in_its_place(office, device.name)
    zones, policy = zone_ports(office, device), compile_policy(office, device, today)
    wans = wan_ports(office, device)
    return Gateway(
        name=device.name,
        building=device.building,
        domain=office.domain,
        address=device.address,
        esp=device.esp,
        zones=zones,
        wans=wans,
        connections=connections(office, device),
        services=_services(office, device, zones, policy),
        policy=policy,
        all_zones=tuple(ZoneName(zone.name, tuple(p.network for p in zone.prefixes)) for zone in office.zones),
        inside=addresses.inside(office),
        protected=addresses.protected(office, device),
        not_internet=addresses.not_internet(office, device),
        bogons=addresses.bogons(office, device),
        gateways=addresses.gateways(office),
        managed=tuple(
            ManagedGateway(other.address, _ssh_port(office, other))
            for other in office.gateways
            if other.address is not None
        ),
        switches=tuple(_switches(office, zones)),
        asked=tuple(asked(office, device, today)),
        shared=sharing(office, device, zones, wans),
    )


def _switches(office: Office, zones: tuple[ZonePort, ...]) -> Iterator[ManagedSwitch]:
    near = _towards(zones, device_address(office, office.network.manager))
    for switch in office.switches:
        if switch.address is not None and (interface := _towards(zones, switch.address)) != near:
            yield ManagedSwitch(switch.address, _ssh_port(office, switch), interface)


def _services(office: Office, device: Device, zones: tuple[ZonePort, ...], policy: Policy) -> Services:
    manager = device_address(office, office.network.manager)
    log_server = device_address(office, office.network.log_server)
    return Services(
        manager=manager,
        manager_interface=_towards(zones, manager),
        ssh_port=_ssh_port(office, device),
        log_server=log_server,
        log_name=f"log.{office.domain}",
        log_interface=_towards(zones, log_server),
        time_sources=office.network.time_sources,
        time_clients=_time_clients(policy),
        snmp_user=office.network.snmp.user,
        snmp_auth=placeholder(office.network.snmp.auth),
        snmp_priv=placeholder(office.network.snmp.priv),
    )


def _ssh_port(office: Office, device: Device) -> int:
    access = office.access_to(device.name)
    return _SSH_PORT if access is None else access.write.port


def _towards(zones: tuple[ZonePort, ...], address: IPv4Address) -> str:
    """The interface a device of the office is behind: its zone's, or the tunnels'."""
    return next((port.interface for port in zones if address in port.network), TUNNEL_INTERFACE)


def _time_clients(policy: Policy) -> tuple[IPv4Network, ...]:
    """The networks that a flow lets ask the gateway for the time, wherever they are."""
    asking = {
        source
        for rule in policy.to_gateways
        if rule.protocol is Protocol.UDP and any(span.first <= _NTP <= span.last for span in rule.ports)
        for source in rule.sources
    }
    return tuple(sorted(asking))
