"""Ports and VLANs of a Junos switch (ELS), and what guards them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.facts.draft import Spans
from monitor.facts.juniper_junos.tree import Branch, Read, number
from monitor.facts.switch import Layer2, PortMode, SwitchPort, Vlan
from monitor.facts.where import Fact

__all__ = ["layer2", "ports", "vlans"]

_PHYSICAL = re.compile(r"(ge|xe|et|mge|fe|ae)-?[0-9]+(/[0-9]+/[0-9]+)?\Z")
_NOTHING = Branch(1)
_LLDP, _SILENT = frozenset({"lldp"}), frozenset[str]()
_MODES = {"access": PortMode.ACCESS, "trunk": PortMode.TRUNK}
_TREES = {"rstp": "rstp", "mstp": "mstp", "vstp": "rapid-pvst"}


def vlans(read: Read) -> Iterator[Vlan]:
    """VLANs that have a number."""
    for name in read.names("vlans"):
        said = read.number("vlans", name, "vlan-id")
        if said is not None:
            yield Vlan(said.value, name, said.where)


def layer2(read: Read) -> Layer2:
    """`dhcp-security` snoops; ARP is inspected where it says so."""
    snooping, inspection = [], []
    for vlan in vlans(read):
        guard = read.at("vlans", vlan.name, "forwarding-options", "dhcp-security")
        if guard is not None:
            snooping.append((vlan.number, vlan.number))
            inspection += [(vlan.number, vlan.number)] if "arp-inspection" in guard.below else []
    place = read.around("vlans")
    tree = next((name for name in _TREES if _runs(read, name)), None)
    told = Fact("none", read.around("protocols")) if tree is None else _told(read, tree)
    return Layer2(
        Fact(tuple(snooping), place),
        Fact(tuple(inspection), place),
        Fact(tree is not None and "bpdu-block-on-edge" in read.names("protocols", tree), told.where),
        told,
    )


def _runs(read: Read, name: str) -> bool:
    branch = read.at("protocols", name)
    return branch is not None and "disable" not in branch.below


def _told(read: Read, name: str) -> Fact[str]:
    return Fact(_TREES[name], read.where(read.at("protocols", name)))


# ---- Ports -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Around:
    """What is said of ports elsewhere than at the port, by its name."""

    numbers: Mapping[str, int]
    """VLANs by name."""
    default: int
    """In no VLAN that is said, a port is in the one called `default`: number 1, unless that says otherwise."""
    joined: Mapping[str, Sequence[str]]
    """VLANs that name their ports, by port."""
    edge: frozenset[str]
    blocked: frozenset[str]
    """BPDUs are not taken there."""
    dot1x: frozenset[str]
    lldp: frozenset[str]
    voice: Mapping[str, int | None]
    macs: Mapping[str, int | None]
    trusted: frozenset[str]
    untrusted: frozenset[str]


def ports(read: Read) -> Iterator[SwitchPort]:
    """Every physical port the text speaks of."""
    said = {name: here for name, here in read.names("interfaces").items() if _PHYSICAL.match(name)}
    around = _around(read, list(said))
    for name, here in said.items():
        yield _port(read, name, here, around)


def _port(read: Read, name: str, here: Branch, around: _Around) -> SwitchPort:
    family = here.below.get("unit", _NOTHING).below.get("0", _NOTHING).below.get("family", _NOTHING).below
    switching = family.get("ethernet-switching")
    mode = _mode(family, switching)
    members = (
        [] if switching is None else list(switching.below.get("vlan", _NOTHING).below.get("members", _NOTHING).below)
    )
    ranges = _numbers([*members, *around.joined.get(name, ())], around.numbers)
    trunk = mode is PortMode.TRUNK
    trusted = name in around.trusted or (trunk and name not in around.untrusted)
    return SwitchPort(
        name=name,
        shut="disable" in here.below,
        mode=mode,
        vlan=_untagged(here, mode, ranges, around.default),
        tagged=ranges if trunk else (),
        voice=around.voice.get(name),
        macs=around.macs.get(name),
        dot1x=name in around.dot1x,
        bpdu_guard=name in around.blocked,
        edge=name in around.edge,
        storm=switching is not None and "storm-control" in switching.below,
        snooping_trusted=trusted,
        arp_trusted=trusted,
        discovery=_LLDP if name in around.lldp else _SILENT,
        where=read.where(here),
    )


def _mode(family: Mapping[str, Branch], switching: Branch | None) -> PortMode:
    """Without a mode it is an access port (Juniper: interface-mode); with an address it routes."""
    if switching is None:
        return PortMode.ROUTED if "inet" in family or "inet6" in family else PortMode.UNKNOWN
    said = switching.below.get("interface-mode") or switching.below.get("port-mode") or _NOTHING
    return _MODES.get(next(iter(said.below), "access"), PortMode.UNKNOWN)


def _untagged(here: Branch, mode: PortMode, ranges: Spans | None, default: int) -> int | None:
    if mode is PortMode.TRUNK:
        native = next(iter(here.below.get("native-vlan-id", _NOTHING).below), "")
        return int(native) if number(native) else None
    if mode is not PortMode.ACCESS or ranges is None:
        return None
    if not ranges:
        return default
    return ranges[0][0] if len(ranges) == 1 and ranges[0][0] == ranges[0][1] else None


def _numbers(members: list[str], known: Mapping[str, int]) -> Spans | None:
    """VLANs by name, number or range; None: all of them, or one that the text does not explain."""
    found = []
    for word in members:
        first, _, last = word.partition("-")
        if word in known:
            found.append((known[word], known[word]))
        elif number(first) and (number(last) or not last) and len(word) < 10:
            found.append((int(first), int(last or first)))
        else:
            return None
    return tuple(sorted(found))


def _around(read: Read, names: list[str]) -> _Around:
    numbers = {vlan.name: vlan.number for vlan in vlans(read)}
    edge, blocked = _tree(read, names)
    groups = [
        (
            _named(read, group.below.get("interface", _NOTHING).below, names),
            group.below.get("overrides", _NOTHING).below,
        )
        for vlan in read.names("vlans")
        for group in read.names("vlans", vlan, "forwarding-options", "dhcp-security", "group").values()
    ]
    authenticator = read.names("protocols", "dot1x", "authenticator")
    asked = _on(read, ("protocols", "dot1x", "authenticator", "interface"), names)
    return _Around(
        numbers=numbers,
        default=numbers.get("default", 1),
        joined=_joined(read, names),
        edge=edge,
        blocked=blocked,
        # Without a profile nobody is asked, and nobody gets in either: it is not the 802.1X that is meant.
        dot1x=asked if "authentication-profile-name" in authenticator else frozenset(),
        lldp=_on(read, ("protocols", "lldp", "interface"), names),
        voice=dict(_voice(read, names, numbers)),
        macs=dict(_macs(read, names)),
        trusted=frozenset(name for held, overrides in groups if "trusted" in overrides for name in held),
        untrusted=frozenset(name for held, overrides in groups if "untrusted" in overrides for name in held),
    )


def _joined(read: Read, names: list[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for vlan, branch in read.names("vlans").items():
        for port in _named(read, branch.below.get("interface", _NOTHING).below, names):
            found.setdefault(port, []).append(vlan)
    return found


def _named(read: Read, said: Mapping[str, Branch], names: list[str]) -> frozenset[str]:
    """The ports that names stand for."""
    return frozenset(each for name in said for each in _meant(read, name, names))


def _meant(read: Read, name: str, names: Sequence[str]) -> Sequence[str]:
    return names if name == "all" else read.members(name)


def _on(read: Read, path: tuple[str, ...], names: list[str]) -> frozenset[str]:
    """Ports under a protocol, without those that are disabled there: by name that goes before `all`."""
    said = read.names(*path)
    off = {name: branch for name, branch in said.items() if "disable" in branch.below}
    on = {name: branch for name, branch in said.items() if name not in off}
    if "all" in off:
        return _named(read, on, names)
    return _named(read, on, names) - _named(read, off, names)


def _tree(read: Read, names: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Ports at the edge, and those that take no BPDU."""
    edge: set[str] = set()
    blocked = set(_on(read, ("protocols", "layer2-control", "bpdu-block", "interface"), names))
    for protocol in _TREES:
        if not _runs(read, protocol):
            continue
        said = read.names("protocols", protocol, "interface")
        mine = _named(read, {name: branch for name, branch in said.items() if "edge" in branch.below}, names)
        edge |= mine
        if "bpdu-block-on-edge" in read.names("protocols", protocol):
            blocked |= mine
    return frozenset(edge), frozenset(blocked)


def _voice(read: Read, names: list[str], numbers: Mapping[str, int]) -> Iterator[tuple[str, int | None]]:
    for name, branch in read.names("switch-options", "voip", "interface").items():
        word = next(iter(branch.below.get("vlan", _NOTHING).below), "")
        known = numbers.get(word, int(word) if number(word) and len(word) < 5 else None)
        for port in _meant(read, name, names):
            yield port, known


def _macs(read: Read, names: list[str]) -> Iterator[tuple[str, int | None]]:
    """A limit counts only where more than that is kept out: not where it is just logged."""
    for name, branch in read.names("switch-options", "interface").items():
        said = branch.below.get("interface-mac-limit", _NOTHING).below
        limit = next((int(word) for word in said if number(word) and len(word) < 7), None)
        action = next(iter(said.get("packet-action", _NOTHING).below), "none")
        kept = limit if action in {"drop", "drop-and-log", "shutdown"} else None
        for port in _meant(read, name, names):
            yield port, kept
