"""What hier_config must know of AOS-CX. Sources: Aruba's command references; traps seen with hier_config 3.7.1."""

from __future__ import annotations

import re

from playbooks.remediation.language import Language, Negation, unspoken

__all__ = ["LANGUAGE"]

_SPOKEN = re.compile(
    r"hostname |user |aaa |radius-server |tacacs-server |cli-session|password complexity|logging |ntp |ssh |"
    r"telnet |https-server vrf |snmp-server (?!system-)|snmpv3 |spanning-tree(?:$| mode )|"
    r"dhcpv4-snooping(?:$| )|port-access port-security|"
    r"apply access-list ip \S+ control-plane |ip route 0\.0\.0\.0/0 |lldp$|no lldp$"
)
"""Outermost commands that fosa speaks of: what the intended text does not say of them goes.

VLANs, ports, VRFs and access lists that it does not name stay: something fosa does not see may stand on them.
"""
_PORT = re.compile(
    r"(?:no )?(?:description|vlan|shutdown|spanning-tree (?:bpdu-guard|bpdu-filter|port-type|root-guard)|rate-limit|"
    r"dhcpv4-snooping|arp inspection|lldp|port-access port-security|aaa authentication port-access|ip (?:address|dhcp)|"
    r"routing)\b"
)
_WITHIN = {
    "interface": _PORT,
    "vlan": re.compile(r"(?:no )?(?:name|voice|dhcpv4-snooping|arp inspection)\b"),
}


_ANY_PORT = r"^interface "
_SINGLE = (
    r"^hostname ",
    r"^user (\S+) ",
    r"^aaa authentication (login \S+|limit-login-attempts|console-login-attempts) ",
    r"^aaa accounting (\S+ \S+) ",
    r"^radius-server host (\S+) ",
    r"^tacacs-server host (\S+) ",
    r"^logging (\d\S+)",
    r"^ntp authentication-key (\d+) ",
    r"^ntp server (\S+)",
    r"^ssh (ciphers|macs|key-exchange-algorithms|host-key-algorithms|public-key-algorithms) ",
    r"^snmpv3 security-level ",
    r"^snmpv3 user (\S+) ",
    r"^spanning-tree mode ",
)
_SINGLE_OF_PORT = (
    r"^description ",
    r"^vlan access ",
    r"^vlan trunk native ",
    r"^rate-limit (\S+) ",
    r"^ip address ",
    r"^spanning-tree port-type ",
    r"^aaa authentication port-access client-limit ",
)
_SHORTER = (
    (r"^user ", r"^no (user \S+) .*"),
    (r"^logging \d", r"^no (logging \S+) .*"),
    (r"^aaa authentication login ", r"^no (aaa authentication login \S+) .*"),
    (r"^aaa authentication (?:limit|console)-login-attempts ", r"^no (aaa authentication \S+) .*"),
    (r"^aaa accounting ", r"^no (aaa accounting \S+ \S+) .*"),
    (r"^(?:radius|tacacs)-server host ", r"^no (\S+ host \S+) .*"),
    (r"^ntp authentication-key ", r"^no (ntp authentication-key \d+) .*"),
    (r"^ntp server ", r"^no (ntp server \S+) .*"),
    (r"^ssh (?:ciphers|macs|[a-z-]+-algorithms) ", r"^no (ssh \S+) .*"),
    (r"^snmpv3 (?:user|security-level) ", r"^no (snmpv3 user \S+|snmpv3 security-level) .*"),
)
"""A line, and as much of it as `no` takes."""
LANGUAGE = Language(
    kind="GENERIC",
    alone=unspoken(_SPOKEN, _WITHIN),
    single=(
        *((pattern,) for pattern in _SINGLE),
        *((_ANY_PORT, pattern) for pattern in _SINGLE_OF_PORT),
        (_ANY_PORT, r"^port-access port-security", r"^client-limit "),
        (r"^vlan ", r"^name "),
        (r"^cli-session", r"^timeout "),
        (r"^password complexity", r"^minimum-length "),
        (r"^access-list ", r"^(\d+) "),
    ),
    first=(
        (r"^access-list ",),
        (r"^user ",),
        (r"^radius-server ",),
        (r"^aaa group ",),
        (r"^vlan ",),
        # A port cannot be both: what it was goes before what it shall be comes.
        (_ANY_PORT, r"^no (?:vlan|aaa|port-access)\b"),
        (_ANY_PORT, r"^vlan access "),
        (_ANY_PORT, r"^vlan trunk native "),
    ),
    last=(
        (r"^apply access-list ",),
        (_ANY_PORT, r"^no shutdown$"),
        # The new way is there before the old one goes.
        (r"^no ip route ",),
        (r"^no apply access-list ",),
        (r"^no aaa group ",),
        (r"^no radius-server ",),
        (r"^no access-list ",),
        (r"^no user ",),
    ),
    negations=(
        *(Negation((line,), search, r"no \1") for line, search in _SHORTER),
        Negation((_ANY_PORT, r"^description "), r"^no description .*", "no description"),
        Negation((_ANY_PORT, r"^rate-limit "), r"^no (rate-limit \S+) .*", r"no \1"),
        Negation((_ANY_PORT, r"^vlan (?:access|trunk native) "), r"^no (vlan access|vlan trunk native) .*", r"no \1"),
        Negation((_ANY_PORT, r"^port-access", r"^client-limit "), r"^no client-limit .*", "no client-limit"),
        Negation((r"^access-list ", r"^\d+ "), r"^no (\d+) .*", r"no \1"),
        Negation((r"^vlan ", r"^name "), r"^no name .*", "no name"),
    ),
    leave="exit",
)
