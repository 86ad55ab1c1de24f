"""A switch of an office, as it should be and as somebody has changed it: facts made by hand."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from ipaddress import IPv4Address, IPv4Network
from typing import TypeVar

from inventory.model import (
    Device,
    LastResort,
    Office,
    Platform,
    Radius,
    Requirement,
    Switching,
    SwitchPorts,
    Waiver,
)
from inventory.model import PortMode as Wanted
from monitor.basis import Basis
from monitor.compliance.model import Report
from monitor.facts.model import Facts, Logging, LogTarget, Section, Snmp, SnmpUser, Ssh, TimeServer, Timing
from monitor.facts.switch import (
    Aaa,
    AaaServer,
    AccessEntry,
    AccessList,
    Hashing,
    Layer2,
    Line,
    Lockout,
    PasswordPolicy,
    PortMode,
    StoredSecret,
    SwitchFacts,
    SwitchPort,
    User,
    Vlan,
    Web,
)
from monitor.facts.where import Fact, Where
from tests.monitor.compliance import cases
from tests.monitor.compliance.cases import pila

__all__ = ["MANAGER", "TEXT", "at", "changed", "excused", "fact", "judged", "office", "port", "read", "switch"]

T = TypeVar("T")
D = TypeVar("D")
TEXT = "running-config"
NAME = "sw-b-1"
MANAGER = IPv4Address("10.64.0.5")


def at(text: str, line: int = 1) -> Where:
    """A line of the switch's text."""
    return Where(TEXT, line, text)


def changed(value: D, otherwise: Mapping[str, object]) -> D:
    """The same with some of its parts otherwise, by their names."""
    return replace(value, **otherwise)  # type: ignore[type-var]  # any of the facts' dataclasses


def fact(value: T, text: str = "") -> Fact[T]:
    """A fact that a line says."""
    return Fact(value, at(text or str(value)))


@cache
def office() -> Office:
    """Piła, with one switch that fosa configures: an access port, a telephone, an uplink, and one unused."""
    given = pila()
    mine = Device(
        name=NAME,
        kind=given.device(NAME).kind,
        building="b",
        zone="mgmt",
        address=given.device(NAME).address,
        platform=Platform.CISCO_IOS,
        switch_ports=(
            SwitchPorts(ports=("Gi1/0/1",), mode=Wanted.ACCESS, zone="ps"),
            SwitchPorts(ports=("Gi1/0/2",), mode=Wanted.UNUSED),
            SwitchPorts(ports=("Gi1/0/24",), mode=Wanted.TRUNK, tagged=("mgmt", "ps"), uplink=True),
        ),
    )
    manager = given.device(given.network.manager).model_copy(update={"address": MANAGER})
    instead = {NAME: mine, manager.name: manager}
    return given.model_copy(
        update={
            "devices": tuple(instead.get(device.name, device) for device in given.devices),
            "switching": Switching(
                last_resort=LastResort(user="awaria", hashes={Platform.CISCO_IOS: "file:secrets/hash"}),
                mask_key="file:secrets/mask",
                radius=(Radius(address=IPv4Address("10.64.0.9"), key="file:secrets/radius"),),
                second_log_server=IPv4Address("10.64.0.21"),
            ),
        }
    )


def _switching() -> Switching:
    found = office().switching
    assert found is not None
    return found


def excused(requirement: Requirement, until: dt.date, device: str | None = None) -> Office:
    """The same, with an exception."""
    given = office()
    waiver = Waiver(requirement=requirement, device=device, why="is replaced in spring", until=until)
    return given.model_copy(update={"switching": _switching().model_copy(update={"waivers": (waiver,)})})


def port(name: str, vlan: int | None, mode: PortMode = PortMode.ACCESS, **otherwise: object) -> SwitchPort:
    """An access port as it should be, but for what is said."""
    good = SwitchPort(
        name=name,
        shut=False,
        mode=mode,
        vlan=vlan,
        tagged=(),
        voice=None,
        macs=1,
        dot1x=False,
        bpdu_guard=True,
        edge=True,
        storm=True,
        snooping_trusted=False,
        arp_trusted=False,
        discovery=frozenset(),
        where=at(f"interface {name}"),
    )
    return changed(good, otherwise)


def _vlan(zone: str) -> int:
    return office().zone(zone).vlan


def _ports() -> tuple[SwitchPort, ...]:
    uplink = port(
        "Gi1/0/24",
        4094,
        PortMode.TRUNK,
        tagged=((_vlan("mgmt"), _vlan("mgmt")), (_vlan("ps"), _vlan("ps"))),
        macs=None,
        bpdu_guard=False,
        edge=False,
        storm=False,
        snooping_trusted=True,
        arp_trusted=True,
        discovery=frozenset({"lldp"}),
    )
    return port("Gi1/0/1", _vlan("ps")), port("Gi1/0/2", 4094, shut=True), uplink


def switch(**otherwise: object) -> SwitchFacts:
    """What a hardened switch says, but for what is said."""
    every = fact(((_vlan("ps"), _vlan("ps")),))
    lines = tuple(
        Line(name, fact(("ssh",), "transport input ssh"), fact(300, "exec-timeout 5"), fact("MGMT"), at(f"line {name}"))
        for name in ("console 0", "vty 0 15")
    )
    manager = AccessEntry(permits=True, sources=(IPv4Network(f"{MANAGER}/32"),), where=at("permit the manager"))
    good = SwitchFacts(
        hostname=fact(NAME),
        users=(User("awaria", Hashing.STRONG, full=True, where=at("username awaria")),),
        stored=(StoredSecret("user awaria", Hashing.STRONG, "9", at("username awaria secret 9")),),
        aaa=Aaa((AaaServer("radius", "10.64.0.9", at("radius server")),), fact(("radius", "local"), "aaa login"), None),
        lines=lines,
        web=Web(http=fact(False, "no ip http server"), https=fact(False, "no ip http secure-server"), tls=None),
        banner=fact("\n".join(_switching().banner)),
        banner_known=True,
        lockout=Lockout(tries=fact(3, "attempts 3"), seconds=fact(900, "block-for 900")),
        passwords=PasswordPolicy(fact(12, "min-length 12")),
        vlans=(Vlan(_vlan("ps"), "ps", at("vlan ps")), Vlan(_vlan("mgmt"), "mgmt", at("vlan mgmt"))),
        ports=_ports(),
        access_lists=(AccessList("MGMT", (manager,), ("vty", "snmp"), at("ip access-list MGMT")),),
        layer2=Layer2(snooping=every, inspection=every, bpdu_guard_default=None, spanning_tree=fact("rapid-pvst")),
        unneeded=(),
        change_log=None,
        sources=(TEXT,),
    )
    return changed(good, otherwise)


def read(said: SwitchFacts | None = None, **otherwise: object) -> Facts:
    """Everything such a switch says."""
    given = office()
    servers = (given.device(given.network.log_server).address, IPv4Address("10.64.0.21"))
    ssh = Ssh(
        listen=(),
        kex=fact(("curve25519-sha256",)),
        ciphers=fact(("aes256-gcm",)),
        macs=fact(("hmac-sha2-512",)),
        host_key_algorithms=fact(("ecdsa-sha2-nistp256",)),
        public_key_algorithms=None,
        versions=fact((2,), "ip ssh version 2"),
        authentication_methods=None,
        passwords=None,
        empty_passwords=None,
        root=None,
        users=None,
        conditional=(),
        sources=(TEXT,),
    )
    good = Facts(
        asset=NAME,
        platform=Platform.CISCO_IOS,
        basis=Basis.INTENDED,
        read_at=None,
        sections=(Section(TEXT, "0" * 64, 100, ()),),
        ssh=ssh,
        snmp=Snmp((), (), (SnmpUser("fosa", "SHA-256", "AES-256", "priv", "read", at("snmp user")),), (), (TEXT,)),
        logging=Logging(
            tuple(
                LogTarget(str(server), 514, "udp", False, (), False, "", at(f"logging host {server}"))
                for server in servers
            ),
            None,
            (),
            (TEXT,),
        ),
        timing=Timing(
            tuple(TimeServer(str(a), "server", True, at(f"ntp server {a}")) for a in given.network.time_sources),
            (),
            (TEXT,),
        ),
        switch=said or switch(),
    )
    return changed(good, otherwise)


def judged(given: Facts | None, of: Office | None = None) -> Report:
    """The report on the switch."""
    return cases.judged(of or office(), given, NAME)
