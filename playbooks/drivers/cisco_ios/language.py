"""What hier_config must know of IOS. Sources: Cisco's command references; traps seen with hier_config 3.7.1."""

from __future__ import annotations

import re

from playbooks.remediation.language import Language, Negation, unspoken

__all__ = ["LANGUAGE"]

_SPOKEN = re.compile(
    r"hostname |service |enable password |username |aaa |radius server |radius-server |tacacs|ip http |ip ssh |"
    r"ip (?:scp|ftp|tftp|finger|rcmd|identd|bootp|source-route|domain-name|domain-lookup|default-gateway)\b|"
    r"ip dhcp snooping|ip arp inspection vlan |snmp-server |logging (?!discriminator|esm|event)|ntp |sntp |login |"
    r"line vty |spanning-tree mode |lldp |cdp |vtp mode |vstack|archive$|dot1x |file prompt |tftp-server |mop |"
    r"boot (?:host|network) "
)
"""Outermost commands that fosa speaks of: what the intended text does not say of them goes.

VLANs, ports and access lists that it does not name stay: something fosa does not see may stand on them.
"""
_PORT = re.compile(
    r"(?:no )?(?:description|switchport|spanning-tree|storm-control|ip dhcp snooping|ip arp inspection|lldp|cdp|"
    r"authentication|dot1x|mab|shutdown|ip (?:address|redirects|unreachables|proxy-arp|access-group))\b"
)
_LINE = re.compile(
    r"(?:no )?(?:access-class|transport input|exec-timeout|login|password|privilege|autocommand|session-timeout)\b"
)
_WITHIN = {"interface": _PORT, "line": _LINE, "archive": re.compile(r"path |maximum |log config")}


_ANY_PORT = r"^interface "
_SINGLE = (
    r"^hostname ",
    r"^username (\S+) ",
    r"^enable (secret|password) ",
    r"^ip (domain-name|default-gateway) ",
    r"^aaa (authentication|authorization|accounting) (\S+) (\S+) ",
    r"^aaa session-id ",
    r"^service timestamps (\S+) ",
    r"^ip ssh (time-out|authentication-retries|version|dh min size) ",
    r"^ip ssh server algorithm (\S+) ",
    r"^logging (buffered|trap|console|facility|source-interface) ",
    r"^ntp authentication-key (\d+) ",
    r"^ntp source ",
    r"^ntp server (\S+)",
    r"^login (block-for|quiet-mode) ",
    r"^spanning-tree mode ",
    r"^vtp mode ",
    r"^snmp-server group (\S+) v3 priv",
    r"^snmp-server (location|contact|chassis-id) ",
)
_SINGLE_OF_PORT = (
    r"^description ",
    r"^switchport (mode|access vlan|voice vlan) ",
    r"^switchport trunk (native|allowed) vlan ",
    r"^switchport port-security (maximum|violation) ",
    r"^storm-control (\S+) level ",
    r"^authentication (host-mode|port-control|order|priority) ",
    r"^ip address ",
)
_SINGLE_OF_LINE = (
    r"^exec-timeout ",
    r"^transport input ",
    r"^access-class \S+ in",
    r"^privilege level ",
    r"^password ",
)
LANGUAGE = Language(
    kind="GENERIC",
    alone=unspoken(_SPOKEN, _WITHIN),
    single=(
        *((pattern,) for pattern in _SINGLE),
        *((_ANY_PORT, pattern) for pattern in _SINGLE_OF_PORT),
        *((r"^line ", pattern) for pattern in _SINGLE_OF_LINE),
        (r"^archive", r"^(path|maximum) "),
        (r"^vlan ", r"^name "),
        (r"^radius server ", r"^(key|address ipv4) "),
    ),
    first=(
        # Behind `aaa new-model` the old `login` of a line is no command any more, and before it a server is none.
        (r"^no aaa new-model$",),
        (r"^aaa new-model$",),
        (r"^ip access-list ",),
        (r"^username ",),
        (r"^radius server ",),
        (r"^aaa group ",),
        (r"^vtp ",),
        (r"^vlan ",),
        (r"^snmp-server view ",),
        (r"^snmp-server group ",),
        (_ANY_PORT, r"^no (?:authentication|dot1x|mab)\b"),
        (_ANY_PORT, r"^no switchport port-security$"),
        (_ANY_PORT, r"^switchport mode "),
        (_ANY_PORT, r"^switchport (?!port-security|mode)"),
    ),
    last=(
        (_ANY_PORT, r"^switchport port-security$"),
        (_ANY_PORT, r"^no shutdown$"),
        (r"^line ",),
        (r"^no aaa group ",),
        (r"^no radius server ",),
        (r"^no username ",),
    ),
    negations=(
        Negation((r"^username ",), r"^no username (\S+) .*", r"no username \1"),
        Negation((r"^interface ", r"^description "), r"^no description .*", "no description"),
        Negation((r"^line ", r"^transport input "), r"^no transport input .*", "no transport input"),
    ),
)
