"""VLANs and ports of a RouterOS bridge, and what guards them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from monitor.facts.mikrotik_routeros.tree import Read, Row
from monitor.facts.switch import Layer2, PortMode, SwitchPort, Vlan
from monitor.facts.where import Fact, Where

__all__ = ["layer2", "ports", "vlans"]

_SWITCH_PORT = ("interface", "ethernet", "switch", "port")
_DISCOVERY = ("ip", "neighbor", "discovery-settings")
_TAGGED_ONLY = "admit-only-vlan-tagged"
_LAST = 4094
_EVERY = ((1, _LAST),)
_ALL_PERCENT = 100
_LISTS = frozenset({"all", "dynamic", "static"})
"""Lists of interfaces that are there by themselves."""
_NOWHERE: Mapping[str, str] = {}
_SILENT: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Members:
    """The VLANs an interface is in by the bridge's table."""

    tagged: int = 0
    untagged: int = 0
    """Each VLAN a bit: a text may say `1-4094` in every line."""


_NO_MEMBER = _Members()


@dataclass(frozen=True, slots=True)
class _Around:
    """What other menus say of interfaces, by their names."""

    members: dict[str, _Members]
    telling: dict[str, frozenset[str]]
    storm: frozenset[str]
    dot1x: frozenset[str]
    filtering: frozenset[str]
    """Bridges that look at tags."""
    telephones: str
    """The VLAN telephones are told."""


def vlans(read: Read) -> Iterator[Vlan]:
    """Of the bridge's table, and those only ports are in; a line's comment is the name."""
    found: dict[int, tuple[str, Where]] = {}
    seen = 0
    for row in read.rows("interface", "bridge", "vlan"):
        fresh = _bits(row["vlan-ids"]) & ~seen if row.on else 0
        seen |= fresh
        for first, last in _spans(fresh):
            found.update(dict.fromkeys(range(first, last + 1), (row["comment"], row.where)))
    for row in read.rows("interface", "bridge", "port"):
        if row.on and row["pvid"].isdecimal():
            found.setdefault(int(row["pvid"][:5]), ("", row.where))
    return (Vlan(number, name, where) for number, (name, where) in sorted(found.items()))


def ports(read: Read) -> tuple[SwitchPort, ...] | None:
    """Those the text names, under the names they come with. None where it speaks of ports by number or by list."""
    if any(entry.target.isdigit() for entry, _ in read.others(*_SWITCH_PORT)):
        return None
    interfaces = read.rows("interface", "ethernet")
    ethernet = {row["name"]: row for row in interfaces}
    bridged = {row["interface"]: row for row in read.rows("interface", "bridge", "port") if row.on}
    if not bridged.keys().isdisjoint({*_LISTS, *(row["name"] for row in read.rows("interface", "list"))}):
        # All interfaces of a list are in the bridge.
        return None
    if len(ethernet) < len(interfaces):
        # One is called by the name another line gives it.
        return None
    made = _made(read)
    names = [name for name in dict.fromkeys((*ethernet, *bridged)) if name in ethernet or _physical(name, made)]
    around = _Around(
        members=_members(read),
        telling=_telling(read),
        storm=frozenset(row["name"] for row in read.rows(*_SWITCH_PORT) if _limits(row)),
        dot1x=frozenset(row["interface"] for row in read.rows("interface", "dot1x", "server") if row.on),
        filtering=frozenset(row["name"] for row in read.rows("interface", "bridge") if row["vlan-filtering"] == "yes"),
        telephones=read.setting(_DISCOVERY, "lldp-med-net-policy-vlan").value,
    )
    return tuple(
        _port(name, ethernet.get(name), bridged.get(name), (bridged.get(name) or ethernet[name]).where, around)
        for name in names
    )


def _port(name: str, row: Row | None, port: Row | None, where: Where, around: _Around) -> SwitchPort:
    """`row`: what is said of the interface; `port`: of its place in a bridge; one of them is there."""
    held = _NOWHERE if port is None else port.held
    mode, vlan, tagged, voice = _carries(held, around.members.get(name, _NO_MEMBER), around)
    return SwitchPort(
        name=row.item.key[0] if row is not None else name,
        shut=row is not None and not row.on,
        mode=mode,
        vlan=vlan,
        tagged=tagged,
        voice=voice,
        macs=None,
        dot1x=name in around.dot1x,
        bpdu_guard=held.get("bpdu-guard") == "yes",
        edge=held.get("edge", "").startswith("yes"),
        storm=name in around.storm,
        snooping_trusted=held.get("trusted") == "yes",
        arp_trusted=False,
        # What a bridge tells goes out of its ports.
        discovery=around.telling.get(name, around.telling[""]) | around.telling.get(held.get("bridge", ""), _SILENT),
        where=where,
    )


def layer2(read: Read) -> Layer2:
    """DHCP snooping holds for every VLAN of a bridge; ARP is not inspected (manual, "Bridging and Switching")."""
    bridges = [row for row in read.rows("interface", "bridge") if row.on]
    around = bridges[0].where if bridges else read.around(("interface", "bridge"))
    snooping = bool(bridges) and all(row["dhcp-snooping"] == "yes" for row in bridges)
    bare = next((row for row in bridges if row["protocol-mode"] == "none"), None)
    tree = Fact("none" if bare is not None or not bridges else bridges[0]["protocol-mode"], around)
    return Layer2(Fact(_EVERY if snooping else (), around), None, None, tree)


# ---- What a port carries ---------------------------------------------------------------------------------------------

_Carried = tuple[PortMode, int | None, tuple[tuple[int, int], ...] | None, int | None]


def _carries(held: Mapping[str, str], members: _Members, around: _Around) -> _Carried:
    """Mode, untagged, tagged, voice. `held`: what is said of its place in a bridge."""
    if not held:
        return PortMode.UNKNOWN, None, (), None
    if held["bridge"] not in around.filtering:
        # Such a bridge looks at no tag: whatever comes in goes out everywhere.
        return PortMode.TRUNK, None, None, None
    frames = held["frame-types"]
    lenient = held["ingress-filtering"] == "no" and frames == "admit-all"
    mixed = _mixed(held["pvid"], members.tagged, members.untagged, around.telephones)
    if frames == _TAGGED_ONLY:
        return PortMode.TRUNK, None, mixed[2], None
    return (PortMode.UNKNOWN, *mixed[1:3], None) if lenient else mixed


@lru_cache(maxsize=256)
def _mixed(pvid: str, tagged: int, untagged: int, telephones: str) -> _Carried:
    """The same of a port that takes frames without a tag."""
    vlan = int(pvid[:5]) if pvid.isdecimal() else None
    spans = _spans(tagged)
    if untagged & ~(1 << vlan if vlan is not None else 0):
        return PortMode.UNKNOWN, vlan, spans, None
    if not spans:
        return PortMode.ACCESS, vlan, (), None
    if spans[0][0] == spans[-1][1] and str(spans[0][0]) == telephones:
        return PortMode.ACCESS, vlan, (), spans[0][0]
    return PortMode.TRUNK, vlan, spans, None


def _members(read: Read) -> dict[str, _Members]:
    found: dict[str, _Members] = {}
    for row in read.rows("interface", "bridge", "vlan"):
        bits = _bits(row["vlan-ids"]) if row.on else 0
        for name in row.listed("tagged"):
            (found.get(name) or found.setdefault(name, _Members())).tagged |= bits
        for name in row.listed("untagged"):
            (found.get(name) or found.setdefault(name, _Members())).untagged |= bits
    return found


@lru_cache(maxsize=256)
def _bits(text: str) -> int:
    """`10,20-29` as a number whose bits are VLANs."""
    found = 0
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first.isdecimal() and (last or first).isdecimal():
            low, high = int(first[:5]), min(int((last or first)[:5]), _LAST)
            if low <= high:
                found |= (1 << (high + 1)) - (1 << low)
    return found


@lru_cache(maxsize=256)
def _spans(bits: int) -> tuple[tuple[int, int], ...]:
    return tuple((run.start(), run.end() - 1) for run in re.finditer("1+", f"{bits:b}"[::-1]))


def _made(read: Read) -> frozenset[str]:
    """Interfaces that are no ports."""
    rows = (row["name"] for kind in ("bridge", "vlan") for row in read.rows("interface", kind))
    return frozenset({*rows, *(entry.said.get("name", "") for entry, _ in read.others("interface", "bonding"))})


def _physical(name: str, made: frozenset[str]) -> bool:
    return name not in made and name.startswith(("ether", "sfp", "qsfp", "combo"))


def _limits(row: Row) -> bool:
    rate = row["storm-rate"]
    return row["limit-broadcasts"] == "yes" and rate.isdecimal() and int(rate[:5]) < _ALL_PERCENT


# ---- Neighbours ------------------------------------------------------------------------------------------------------


def _telling(read: Read) -> dict[str, frozenset[str]]:
    """What is told on an interface; under the empty name, on those that are not named."""
    settings = {name: read.setting(_DISCOVERY, name) for name in ("discover-interface-list", "protocol", "mode")}
    told = frozenset(part for part in settings["protocol"].value.split(",") if part)
    listed = settings["discover-interface-list"].value
    nothing: frozenset[str] = frozenset()
    if settings["mode"].value == "rx-only" or listed in {"none", "dynamic"}:
        return {"": nothing}
    inside, name = (nothing, listed[1:]) if listed.startswith("!") else (told, listed)
    outside = told - inside
    compound = [
        row for row in read.rows("interface", "list") if row["name"] == name and (row["include"] or row["exclude"])
    ]
    if name in {"all", "static"}:
        return {"": inside}
    if compound:
        # Lists made of lists are not followed: it may be told everywhere.
        return {"": told}
    members = [row for row in read.rows("interface", "list", "member") if row.on and row["list"] == name]
    return {"": outside, **{row["interface"]: inside for row in members}}
