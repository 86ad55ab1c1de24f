"""What a person types at a new switch before fosa can reach it, and all that he leaves as its maker ships it.

One text a platform, in the words of that platform's own emulator: name, address, SSH, RADIUS, one local account.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inventory.model import Platform
from templates.switch.view import Switch

__all__ = ["FIRST"]


def _cisco_ios(switch: Switch) -> str:
    """`archive`, `file prompt quiet` and SCP are what NAPALM asks a person for (its docs, "IOS")."""
    here = switch.management
    groups = "".join(
        f"radius server R{n}\n address ipv4 {each.address} auth-port 1812 acct-port 1813\n key {each.key}\n"
        for n, each in enumerate(switch.radius, 1)
    )
    names = "".join(f" server name R{n}\n" for n, _each in enumerate(switch.radius, 1))
    login = f"aaa new-model\naaa group server radius R\n{names}aaa authentication login default group R local\n"
    login += "aaa authorization exec default group R local\n"
    return (
        f"version 15.2\nhostname {switch.name}\nenable password cisco\n"
        + (login if switch.radius else "no aaa new-model\n")
        + f"username {switch.account.user} privilege 15 secret 9 {switch.account.hash}\n"
        "archive\n path flash:fosa-archive\nfile prompt quiet\nip scp server enable\nspanning-tree mode pvst\n"
        f"vlan {here.vlan}\n"
        + "".join(f"interface {port.name}\n" for port in switch.ports)
        + f"interface Vlan1\n no ip address\n shutdown\ninterface Vlan{here.vlan}\n"
        f" ip address {here.address.ip} {here.address.netmask}\nip default-gateway {here.gateway}\n"
        "ip http server\nip http secure-server\nsnmp-server community public RO\n"
        + groups
        + "line con 0\nline vty 0 4\n login local\nline vty 5 15\n login local\nend\n"
    )


def _juniper_junos(switch: Switch) -> str:
    here = switch.management
    radius = [f'set system radius-server {each.address} secret "{each.key}"' for each in switch.radius]
    lines = (
        "set version 21.4R3.15",
        f"set system host-name {switch.name}",
        f'set system root-authentication encrypted-password "{switch.account.hash}"',
        *(["set system authentication-order radius", *radius] if radius else ()),
        f"set system login user {switch.account.user} class super-user",
        f'set system login user {switch.account.user} authentication encrypted-password "{switch.account.hash}"',
        *(["set system login user remote class super-user"] if radius else ()),
        "set system services ssh root-login allow",
        "set system services telnet",
        "set system services netconf ssh",
        "set system services web-management http",
        "set system syslog file messages any notice",
        *(f"set interfaces {port.name} unit 0 family ethernet-switching" for port in switch.ports),
        f"set interfaces irb unit {here.vlan} family inet address {here.address}",
        f"set routing-options static route 0.0.0.0/0 next-hop {here.gateway}",
        "set snmp community public authorization read-only",
        "set vlans default vlan-id 1",
        f"set vlans zarzadzanie vlan-id {here.vlan}",
        f"set vlans zarzadzanie l3-interface irb.{here.vlan}",
        "set protocols lldp interface all",
        "set protocols rstp interface all",
    )
    return "\n".join(lines) + "\n"


def _hp_procurve(switch: Switch) -> str:
    here, names = switch.management, ",".join(port.name for port in switch.ports)
    radius = "".join(f'radius-server host {each.address} key "{each.key}"\n' for each in switch.radius)
    login = "aaa authentication login privilege-mode\naaa authentication ssh login radius local\n"
    login += "aaa authentication ssh enable radius local\n"
    return (
        f'; J9772A Configuration Editor; Created on release #YA.16.10.0023\nhostname "{switch.name}"\n'
        f'include-credentials\npassword manager user-name "{switch.account.user}" sha256 "{switch.account.hash}"\n'
        + (radius + login if radius else "")
        + f'ip default-gateway {here.gateway}\nsnmp-server community "public" unrestricted\n'
        f'vlan 1\n   name "DEFAULT_VLAN"\n   untagged {names}\n   no ip address\n   exit\n'
        f'vlan {here.vlan}\n   name "VLAN{here.vlan}"\n   ip address {here.address.ip} {here.address.netmask}\n'
        "   exit\n"
    )


def _aruba_aoscx(switch: Switch) -> str:
    here = switch.management
    # As the device keeps it: a saved text has no key in clear, and an emulated server asks for none.
    kept = f"key ciphertext {switch.account.hash}"
    servers = "".join(f"radius-server host {each.address} {kept}\n" for each in switch.radius)
    group = "aaa group server radius R\n" + "".join(f"    server {each.address}\n" for each in switch.radius)
    login = f"{servers}{group}aaa authentication login default group R local\n"
    return (
        f"hostname {switch.name}\n"
        f"user {switch.account.user} group administrators password ciphertext {switch.account.hash}\nntp enable\n"
        + (login if switch.radius else "")
        + f"telnet server vrf default\nssh server vrf default\nvlan 1\nvlan {here.vlan}\nspanning-tree\n"
        + "".join(f"interface {port.name}\n    no shutdown\n    vlan access 1\n" for port in switch.ports)
        + f"interface vlan 1\n    no ip dhcp\ninterface vlan {here.vlan}\n    ip address {here.address}\n"
        f"snmp-server vrf default\nsnmp-server community public\nip route 0.0.0.0/0 {here.gateway}\n"
        "https-server vrf default\n"
    )


def _mikrotik_routeros(switch: Switch) -> str:
    here, uplinks = switch.management, ",".join(port.name for port in switch.ports if port.uplink)
    own = f"{here.address} interface=zarzadzanie network={here.address.network.network_address}"
    servers = "".join(f'add address={each.address} secret="{each.key}" service=login\n' for each in switch.radius)
    return (
        "/interface bridge\nadd comment=defconf name=bridge vlan-filtering=yes\n"
        f"/interface vlan\nadd interface=bridge name=zarzadzanie vlan-id={here.vlan}\n"
        "/interface bridge port\n"
        + "".join(f"add bridge=bridge comment=defconf interface={port.name}\n" for port in switch.ports)
        + f"/interface bridge vlan\nadd bridge=bridge tagged=bridge,{uplinks} vlan-ids={here.vlan}\n"
        f"/ip address\nadd address={own}\n"
        f"/ip route\nadd dst-address=0.0.0.0/0 gateway={here.gateway}\n"
        + (f"/radius\n{servers}/user aaa\nset use-radius=yes\n" if servers else "")
        + f"/system identity\nset name={switch.name}\n"
        f'/user\nadd group=full name={switch.account.user} password="{switch.account.hash}"\n'
    )


FIRST: Mapping[Platform, Callable[[Switch], str]] = {
    Platform.CISCO_IOS: _cisco_ios,
    Platform.JUNIPER_JUNOS: _juniper_junos,
    Platform.HP_PROCURVE: _hp_procurve,
    Platform.ARUBA_AOSCX: _aruba_aoscx,
    Platform.MIKROTIK_ROUTEROS: _mikrotik_routeros,
}
"""Platform -> its text, with placeholders for the secrets."""
