"""What hier_config must know of ArubaOS-Switch. Sources: HPE's guides of 16.05 to 16.09; traps seen."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import replace

from playbooks.remediation.language import Above, Language, Negation, unspoken

__all__ = ["EXACT", "language"]

_SPOKEN = re.compile(
    r"(?:no )?(?:hostname |include-credentials|encrypt-credentials|password |console |telnet-server|web-management|"
    r"tftp |autorun|cdp run|dhcp (?:config-file-update|image-file-update|tr69-acs-url)|ip authorized-managers |"
    r"ip ssh |radius-server |tacacs-server |aaa |logging |snmp-server (?!contact|location)|"
    r"snmpv3 (?!engineid)|timesync|s?ntp |"
    r"spanning-tree(?:$| \S+ (?:admin-edge-port|auto-edge-port|bpdu-protection|bpdu-filter)$)|"
    r"dhcp-snooping|arp-protect|port-security |lldp (?:run|admin-status )|"
    r"ip default-gateway )"
)
"""Outermost commands that fosa speaks of: what the intended text does not say of them goes.

VLANs and ports that it does not name stay: something fosa does not see may stand on them.
"""
_OF_PORT = re.compile(r"(?:no )?(?:spanning-tree|port-security|lldp admin-status|aaa port-access \S+) (\S*\d\S*)")
_WITHIN = {
    "interface": re.compile(
        r"(?:no )?(?:name|disable|untagged vlan|tagged vlan|rate-limit bcast|dhcp-snooping|arp-protect)\b"
    ),
    "vlan": re.compile(r"(?:no )?(?:name|voice|ip address)\b"),
}


_alone = unspoken(_SPOKEN, _WITHIN)
_ANY_PORT, _ANY_VLAN = r"^interface ", r"^vlan "
_SINGLE = (
    r"^hostname ",
    r"^password (manager|operator) ",
    r"^password minimum-length ",
    r"^console idle-timeout (serial-usb )?\d",
    r"^radius-server host (\S+) ",
    r"^tacacs-server host (\S+) ",
    r"^aaa authentication (\S+ (?:login|enable)|num-attempts|lockout-delay|port-access) ",
    r"^aaa accounting (\S+) ",
    r"^aaa port-access authenticator (\S+) client-limit ",
    r"^logging (severity|facility) ",
    r"^timesync ",
    r"^ntp authentication key-id (\d+) ",
    r"^ntp server (\d\S+)",
    r"^snmpv3 user (\S+) ",
    r"^snmpv3 group (\S+) user (\S+) ",
    r"^port-security (\S+) ",
    r"^lldp admin-status (\S+) ",
    r"^ip default-gateway ",
)
_SHORTER = (
    (r"^password (?:manager|operator) ", r"^no (password \S+)( user-name \S+)? .*"),
    (r"^password minimum-length ", r"^no (password minimum-length) .*"),
    (r"^console idle-timeout serial-usb ", r"^no (console idle-timeout serial-usb) .*"),
    (r"^console idle-timeout \d", r"^no (console idle-timeout) .*"),
    (r"^(?:radius|tacacs)-server host ", r"^no (\S+ host \S+) .*"),
    (r"^aaa authentication (?:num-attempts|lockout-delay) ", r"^no (aaa authentication \S+) .*"),
    (r"^aaa authentication \S+ (?:login|enable) ", r"^no (aaa authentication \S+ \S+) .*"),
    (r"^aaa accounting ", r"^no (aaa accounting \S+) .*"),
    (r"^aaa port-access authenticator \S+ client-limit ", r"^no (aaa port-access authenticator \S+ client-limit) .*"),
    (r"^ntp authentication key-id ", r"^no (ntp authentication key-id \d+) .*"),
    (r"^ntp server ", r"^no (ntp server \S+) .*"),
    (r"^port-security ", r"^no (port-security \S+) .*"),
    (r"^snmpv3 user ", r"^no (snmpv3 user \S+) .*"),
    (r"^snmp-server community ", r"^no (snmp-server community \S+) .*"),
    (r"^logging (?:severity|facility) ", r"^no (logging \S+) .*"),
)
"""A line, and as much of it as `no` takes."""
_LANGUAGE = Language(
    kind="GENERIC",
    alone=_alone,
    single=(
        *((pattern,) for pattern in _SINGLE),
        *((_ANY_PORT, pattern) for pattern in (r"^name ", r"^untagged vlan ", r"^rate-limit bcast ")),
        *((_ANY_VLAN, pattern) for pattern in (r"^name ", r"^ip address ")),
    ),
    first=(
        # Before a key: it shall never be shown.
        (r"^encrypt-credentials$",),
        (r"^password ",),
        (r"^ip authorized-managers ",),
        (r"^radius-server ",),
        (_ANY_VLAN,),
        (_ANY_PORT, r"^tagged vlan "),
        (_ANY_PORT, r"^untagged vlan "),
    ),
    last=(
        (r"^aaa port-access authenticator active",),
        (r"^no radius-server ",),
        (r"^no ip authorized-managers ",),
        (r"^no vlan ",),
        (r"^no password ",),
    ),
    negations=(
        *(Negation((line,), search, r"no \1") for line, search in _SHORTER),
        Negation((r"^lldp admin-status ",), r"^no (lldp admin-status \S+) .*", r"\1 tx_rx"),
        Negation((_ANY_PORT, r"^name "), r"^no name .*", "no name"),
        Negation((_ANY_PORT, r"^disable$"), r"^no disable$", "enable"),
        Negation((_ANY_PORT, r"^rate-limit bcast "), r"^no (rate-limit bcast in) .*", r"no \1"),
        Negation((_ANY_VLAN, r"^name "), r"^no name .*", "no name"),
        Negation((_ANY_VLAN, r"^ip address dhcp-bootp"), r"^no ip address .*", "no ip address"),
    ),
    leave="exit",
)

EXACT = replace(_LANGUAGE, alone=lambda _above: False)
"""Nothing is left alone."""


def language(ports: AbstractSet[str]) -> Language:
    """Lines about a port that is none of these are left alone, too: they stand among the outermost ones."""

    def alone(above: Above) -> bool:
        match = _OF_PORT.match(above[0])
        return _alone(above) or (match is not None and match[1] not in ports)

    return replace(_LANGUAGE, alone=alone)
