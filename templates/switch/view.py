"""What the template of one switch sees: values only, nothing to be computed in a template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface

from inventory.errors import RenderError
from inventory.model import Device, Lockout, Office, Platform, PortMode, Switching, SwitchPorts
from inventory.words import gettext as _
from templates.filters import Fragment
from templates.secret import placeholder

__all__ = ["Account", "Management", "Port", "RadiusServer", "Switch", "TimeKey", "Vlan", "switch_view"]


@dataclass(frozen=True, slots=True)
class Management:
    """Where the switch is managed, and from where."""

    address: IPv4Interface
    vlan: int
    gateway: IPv4Address
    manager: IPv4Address
    """The only source of management connections."""


@dataclass(frozen=True, slots=True)
class Account:
    """The local account of last resort."""

    user: str
    hash: Fragment
    """As this platform keeps it."""


@dataclass(frozen=True, slots=True)
class RadiusServer:
    """A server that knows the people who administer."""

    address: IPv4Address
    key: Fragment


@dataclass(frozen=True, slots=True)
class TimeKey:
    """What time servers prove themselves with."""

    number: int
    key: Fragment


@dataclass(frozen=True, slots=True)
class Vlan:
    """A zone on this switch."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Port:
    """One port, ready to be written down."""

    name: str
    mode: PortMode
    vlan: int | None
    """Of an access port."""
    tagged: tuple[int, ...]
    """Of a trunk, sorted."""
    voice: int | None
    uplink: bool
    macs: int
    """With the telephone, where there is one."""
    dot1x: bool
    label: str

    @property
    def access(self) -> bool:
        """Whether somebody's device is plugged in here."""
        return self.mode is PortMode.ACCESS

    @property
    def trunk(self) -> bool:
        """Whether it carries tagged VLANs."""
        return self.mode is PortMode.TRUNK

    @property
    def unused(self) -> bool:
        """Whether it is shut down."""
        return self.mode is PortMode.UNUSED


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch, ready to be written down."""

    name: str
    domain: str
    building: str
    management: Management
    account: Account
    radius: tuple[RadiusServer, ...]
    snmp_user: str
    snmp_auth: Fragment
    snmp_priv: Fragment
    time_sources: tuple[IPv4Address, ...]
    time_key: TimeKey | None
    log_servers: tuple[IPv4Address, ...]
    banner: tuple[Fragment, ...]
    idle_minutes: int
    lockout: Lockout
    storm_percent: int
    vlans: tuple[Vlan, ...]
    """Every zone that reaches the building, by number."""
    ports: tuple[Port, ...]

    @property
    def user_vlans(self) -> tuple[int, ...]:
        """The VLANs somebody's device may be in: all but the one of management."""
        return tuple(vlan.number for vlan in self.vlans if vlan.number != self.management.vlan)

    @property
    def voice_vlans(self) -> tuple[int, ...]:
        """The VLANs of telephones, sorted."""
        return tuple(sorted({port.voice for port in self.ports if port.voice is not None}))

    @property
    def parking(self) -> int:
        """The VLAN of unused ports and of what comes untagged on a trunk: the highest number that no zone has."""
        return max(set(range(2, 4095)) - {vlan.number for vlan in self.vlans})


def switch_view(office: Office, device: Device) -> Switch:
    """A switch as its template sees it. RenderError when the inventory does not say enough."""
    switching = office.switching
    if switching is None:
        raise RenderError(_("the inventory says nothing of switching, which a switch needs"))
    snmp = office.network.snmp
    key = switching.ntp_key
    return Switch(
        name=device.name,
        domain=office.domain,
        building=device.building,
        management=_management(office, device),
        account=_account(switching, device),
        radius=tuple(RadiusServer(each.address, placeholder(each.key)) for each in switching.radius),
        snmp_user=snmp.user,
        snmp_auth=placeholder(snmp.auth),
        snmp_priv=placeholder(snmp.priv),
        time_sources=office.network.time_sources,
        time_key=None if key is None else TimeKey(key.number, placeholder(key.key)),
        log_servers=tuple(_log_servers(office, switching)),
        banner=tuple(Fragment(line) for line in switching.banner),
        idle_minutes=switching.idle_minutes,
        lockout=switching.lockout,
        storm_percent=switching.storm_percent,
        vlans=tuple(sorted(_vlans(office, device.building), key=lambda vlan: vlan.number)),
        ports=tuple(port for each in device.switch_ports for port in _ports(office, each)),
    )


def _management(office: Office, device: Device) -> Management:
    manager = office.device(office.network.manager).address
    if device.zone is None or device.address is None or manager is None:
        raise RenderError(_("its zone, its address and the manager's address must be known"))
    zone = office.zone(device.zone)
    prefix = zone.prefix_in(device.building)
    if prefix is None:
        message = _("zone {zone} has no network in building {building}")
        raise RenderError(message.format(zone=zone.name, building=device.building))
    address = IPv4Interface((device.address, prefix.network.prefixlen))
    return Management(address, zone.vlan, prefix.gateway_address, manager)


def _account(switching: Switching, device: Device) -> Account:
    platform: Platform | None = device.platform
    ref = switching.last_resort.hashes.get(platform) if platform is not None else None
    if ref is None:
        message = _("switching.last_resort.hashes says no hash for {platform}")
        raise RenderError(message.format(platform=platform))
    return Account(switching.last_resort.user, placeholder(ref))


def _log_servers(office: Office, switching: Switching) -> Iterator[IPv4Address]:
    first = office.device(office.network.log_server).address
    if first is not None:
        yield first
    if switching.second_log_server is not None:
        yield switching.second_log_server


def _vlans(office: Office, building: str) -> Iterator[Vlan]:
    return (Vlan(zone.vlan, zone.name) for zone in office.zones if zone.prefix_in(building) is not None)


def _ports(office: Office, each: SwitchPorts) -> Iterator[Port]:
    voice = None if each.voice is None else office.zone(each.voice).vlan
    for name in each.names:
        yield Port(
            name=name,
            mode=each.mode,
            vlan=None if each.zone is None else office.zone(each.zone).vlan,
            tagged=tuple(sorted(office.zone(zone).vlan for zone in each.tagged)),
            voice=voice,
            uplink=each.uplink,
            macs=each.macs + (voice is not None),
            dot1x=each.dot1x,
            label=each.label or "",
        )
