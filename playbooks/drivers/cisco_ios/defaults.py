"""What IOS does when nothing is said: such a line says nothing, whether a device shows it or a template writes it.

Sources: the defaults named in Cisco's command references; which of them a release shows was not verified on a device.
"""

from __future__ import annotations

import re

__all__ = ["noise", "plain"]

_NOISE = re.compile(
    r"Building configuration\.\.\.|Current configuration :.*|Using \d+ out of .*|end|exit|ntp clock-period .*|"
    r"snmp-server user .*|exit-address-family|no snmp-server user .*"
)
"""Of `show running-config` itself, of the clock, and users of SNMP: a device never shows them with their keys
(Cisco, SNMP command reference, `snmp-server user`), so they cannot be compared."""

_DEFAULTS = {
    "": re.compile(
        r"no service (?:password-encryption|tcp-keepalives-in|tcp-keepalives-out|finger|tcp-small-servers|"
        r"udp-small-servers|dhcp-snooping|config|unsupported-transceiver)|"
        r"service (?:pad|dhcp)|vstack|ip source-route|ip gratuitous-arps|ip domain-lookup|cdp run|no lldp run|"
        r"no aaa new-model|no ip dhcp snooping|ip dhcp snooping information option|no dot1x system-auth-control|"
        r"logging trap informational|logging on|logging console debugging|ip ssh time-out 120|"
        r"ip ssh authentication-retries 3|no ip scp server enable|ip bootp server|ip finger|"
        r"vtp mode server|no file prompt quiet|no login block-for|no login on-failure log|no login on-success log"
    ),
    "interface": re.compile(
        r"no shutdown|switchport|switchport access vlan 1|switchport trunk native vlan 1|switchport voice vlan none|"
        r"switchport port-security maximum 1|switchport port-security violation shutdown|"
        r"authentication host-mode single-host|authentication port-control force-authorized|"
        r"lldp transmit|lldp receive|cdp enable|no ip dhcp snooping trust|no ip arp inspection trust|"
        r"no switchport port-security|no spanning-tree portfast|no description|no storm-control .*|"
        r"ip redirects|ip unreachables|ip proxy-arp|no switchport nonegotiate|no ip address"
    ),
    "line": re.compile(r"exec-timeout 10 0|login|no login authentication|privilege level 1"),
    "archive": re.compile(r"maximum 10|no path|no maximum"),
    "log": re.compile(r"no logging enable|no hidekeys|no notify syslog.*"),
}


def noise(text: str) -> bool:
    """Whether an outermost line is no configuration, or none that can be compared."""
    return _NOISE.fullmatch(text) is not None


def plain(parent: str, text: str) -> bool:
    """Whether a line below `parent` (nothing: an outermost one) says what holds anyway."""
    kind = parent.split(" ", 1)[0]
    known = _DEFAULTS.get(kind)
    return known is not None and known.fullmatch(text) is not None
