"""Commands of IOS in full: a person may write them short and in capitals, as long as one command alone begins so.

Only words of the commands that facts come from; what could be two of them stays as it is, and is not understood.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from monitor.facts.indent import Block

__all__ = ["spell_out"]

_Tree: TypeAlias = "dict[str, _Tree]"
_ARGUMENT = "*"
_SECRET = "(privilege *|) (secret|password)"  # noqa: S105  words of a command
_TOP = (
    "hostname", f"username * {_SECRET}", "enable (secret|password)", "service (password-encryption|pad|finger|config)",
    "service (tcp-small-servers|udp-small-servers|timestamps|tcp-keepalives-in|tcp-keepalives-out)",
    "aaa new-model", "aaa authentication (login|enable|dot1x)", "aaa authorization (exec|network|commands)",
    "aaa accounting (exec|commands|network|system)", "aaa group server", "aaa session-id", "aaa local",
    "radius server", "tacacs server", "radius-server (host|key)", "tacacs-server (host|key)",
    "ip http (server|secure-server|access-class|tls-version|authentication)", "ip finger", "ip source-route",
    "ip ssh (version|time-out|authentication-retries|server algorithm (encryption|mac|kex|hostkey))", "ip scp server",
    "ip access-list (standard|extended)", "ip dhcp snooping (vlan|information)", "ip arp inspection vlan",
    "ip domain-name", "ip domain-lookup", "ip default-gateway", "ip route", "ip routing", "ip bootp server",
    "access-list * (permit|deny|remark)", "line (vty|aux|con|console)",
    "login (block-for|on-failure|on-success|quiet-mode)",
    "logging (host|trap|buffered|source-interface|userinfo|console|monitor|facility)", "ntp (server|source|peer)",
    "ntp (authenticate|authentication-key|trusted-key|access-group|clock-period|logging|master)", "archive",
    "snmp-server (community|group|user|host|view|location|contact|enable)", "banner", "vlan", "interface", "cdp run",
    "lldp run", "spanning-tree (mode|portfast|extend|vlan)", "dot1x system-auth-control", "vstack", "version", "boot",
    "tftp-server", "ip rcmd (rsh-enable|rcp-enable)", "crypto (pki|key)", "end", "exit", "vtp (mode|domain)",
    "errdisable",
)  # fmt: skip
_PORT = (
    "description", "shutdown", "switchport (mode (access|trunk|dynamic)|access vlan|voice vlan|nonegotiate)",
    "switchport trunk (native vlan|allowed vlan|encapsulation)", "switchport port-security (maximum|violation|aging)",
    "switchport port-security mac-address", "spanning-tree (portfast|bpduguard (enable|disable)|guard|cost)",
    "storm-control (broadcast level|multicast level|unicast level|action)", "ip address",
    "ip dhcp snooping (trust|limit)",
    "ip arp inspection (trust|limit)", "ip access-group", "lldp (transmit|receive)", "cdp enable", "speed", "duplex",
    "authentication (port-control|host-mode|order|priority|event|periodic|violation)",
    "dot1x (pae|port-control|timeout)",
)  # fmt: skip
_LINE = (
    "access-class", "exec-timeout", "transport (input|output|preferred)", "login (local|authentication)", "password",
    "privilege level", "logging synchronous", "length", "history", "session-timeout",
)  # fmt: skip


_PORT_NAME = re.compile(r"interface ([A-Za-z-]+) ?(\d[\d/.]*)")
_NAMES = (
    "Ethernet", "FastEthernet", "GigabitEthernet", "TwoGigabitEthernet", "FiveGigabitEthernet", "TenGigabitEthernet",
    "TwentyFiveGigE", "FortyGigabitEthernet", "HundredGigE", "AppGigabitEthernet", "Vlan", "Port-channel", "Loopback",
    "Tunnel", "Null",
)  # fmt: skip


def spell_out(top: list[Block]) -> None:
    """In place; what stands under ports and lines, too."""
    commands, of_port, of_line = _Spelt(_words(_TOP)), _Spelt(_words(_PORT)), _Spelt(_words(_LINE))
    for block in top:
        block.text = commands[block.text]
        if (port := _PORT_NAME.fullmatch(block.text)) is not None:
            block.text = f"interface {_port_name(port[1])}{port[2]}"
        first = block.text[:5]
        below = of_port if first == "inter" else of_line if first == "line " else None
        if below is not None:
            for child in block.children:
                child.text = below[child.text]


class _Spelt(dict[str, str]):
    """Lines of one text in full: ports are alike, and each of their lines is spelt once."""

    def __init__(self, tree: _Tree) -> None:
        super().__init__()
        self._tree = tree

    def __missing__(self, text: str) -> str:
        full = self[text] = _full(text, self._tree)
        return full


def _full(text: str, tree: _Tree) -> str:
    words = text.split(" ")
    at = 1 if words[0] == "no" else 0
    changed, node = False, tree
    while at < len(words) and node:
        word = words[at]
        below = node.get(word)
        if below is None and _ARGUMENT not in node:
            meant = [known for known in node if known.startswith(word.lower())]
            if len(meant) != 1 and word.lower() not in node:
                break
            words[at] = word.lower() if word.lower() in node else meant[0]
            changed, below = True, node[words[at]]
        node = below if below is not None else node[_ARGUMENT]
        at += 1
    return " ".join(words) if changed else text


@lru_cache(maxsize=256)
def _port_name(short: str) -> str:
    meant = [name for name in _NAMES if name.lower().startswith(short.lower())]
    return meant[0] if len(meant) == 1 else short


@lru_cache(maxsize=4)
def _words(commands: tuple[str, ...]) -> _Tree:
    tree: _Tree = {}
    for command in commands:
        _grow([tree], command)
    return tree


def _grow(nodes: list[_Tree], command: str) -> list[_Tree]:
    """Add a command: words, `*` for an argument, `(a|b c)` for a choice. What it ends in."""
    rest = command.strip()
    while rest:
        if rest[0] == "(":
            end = _closing(rest)
            nodes = [end_ for choice in _choices(rest[1:end]) for end_ in _grow(nodes, choice)]
            rest = rest[end + 1 :].strip()
        else:
            word, _, rest = rest.partition(" ")
            nodes = [node.setdefault(word, {}) for node in nodes]
            rest = rest.strip()
    return nodes


def _closing(text: str) -> int:
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth == 0:
            return place
    raise ValueError(text)


def _choices(text: str) -> list[str]:
    found, depth = [""], 0
    for sign in text:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return found
