"""What a statement that is not understood takes away: it may say the opposite of all that was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from monitor.facts.juniper_junos.known import FIRST_WORDS, SYSTEM_WORDS
from monitor.facts.model import Facts
from templates.juniper_junos.text import Path

__all__ = ["doubted"]

_DEVICE = frozenset({"ssh", "snmp", "logging", "timing"})
_SERVICES = frozenset({"ssh", "lines", "web", "unneeded"})
_LOGIN = frozenset({"users", "stored", "lines", "lockout", "passwords", "banner"})
_PORTS = frozenset({"ports", "layer2"})
_PARTS: Mapping[Path, frozenset[str]] = {
    ("system", "services"): _SERVICES,
    ("system", "login"): _LOGIN,
    ("system", "root-authentication"): frozenset({"users", "stored"}),
    ("system", "ports"): frozenset({"lines"}),
    ("system", "ntp"): frozenset({"timing"}),
    ("interfaces", "lo0"): frozenset({"access_lists"}),
    ("snmp",): frozenset({"snmp"}),
    ("switch-options",): _PORTS,
    ("vlans",): frozenset({"vlans", *_PORTS}),
    **{("protocols", name): _PORTS for name in ("lldp", "dot1x", "rstp", "mstp", "vstp", "layer2-control")},
}
"""By how a statement begins. At a port and in a filter there is much that fosa need not know."""
_INTERFACE = re.compile(r"[a-z]+-?[0-9]|interface-|irb\b|vlan\b|vme\b|traceoptions\b|<")
_SYSTEM = frozenset({*_SERVICES, *_LOGIN, "aaa", "logging", "timing", "change_log"})
_ALL = frozenset({*_SYSTEM, *_DEVICE, *_PORTS, "vlans", "access_lists"})


def doubted(found: Facts, strange: Iterable[Path]) -> Facts:
    """Without the parts that one of these statements may be about."""
    gone = frozenset(part for words in strange for part in _about(words))
    if not gone or found.switch is None:
        return found
    switch = replace(
        found.switch,
        **dict.fromkeys(gone - _DEVICE),  # type: ignore[arg-type]  # fields by name
        banner_known=found.switch.banner_known and "banner" not in gone,
    )
    return replace(found, switch=switch, **dict.fromkeys(gone & _DEVICE))  # type: ignore[arg-type]  # the same


def _about(words: Path) -> frozenset[str]:
    if words[0] not in FIRST_WORDS or "apply-groups-except" in words:
        return _ALL
    if words[0] == "system" and words[1:2] and words[1] not in SYSTEM_WORDS:
        return _SYSTEM
    if words[0] == "interfaces" and words[1:2] and _INTERFACE.match(words[1]) is None:
        # Of a port whose name is lost.
        return _PORTS
    return _PARTS.get(words[:2]) or _PARTS.get(words[:1]) or frozenset()
