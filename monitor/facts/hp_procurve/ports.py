"""Ports, VLANs and what guards them, in a text of ArubaOS-Switch. Defaults: HPE's guides; not verified on a device."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.facts.draft import Draft, joined
from monitor.facts.indent import Block
from monitor.facts.numbers import number
from monitor.facts.switch import Layer2, PortMode, SwitchPort, Vlan
from monitor.facts.where import Fact, Where
from templates.hp_procurve.text import numbers, unquoted
from templates.hp_procurve.text import ports as names_of

__all__ = ["READERS", "layer2", "ports", "vlans"]

_SILENT = frozenset({
    "name", "speed-duplex", "flow-control", "power-over-ethernet", "lacp", "unknown-vlans", "bandwidth-min",
    "qos", "gvrp", "poe-lldp-detect", "mdix-mode", "energy-efficient-ethernet", "broadcast-limit",
    "link-keepalive", "loop-protect", "ip", "ipv6", "monitor", "exit", "arp-protect", "dhcp-snooping",
    "rate-limit", "disable", "enable", "untagged", "tagged", "forbid", "job", "trunk", "smart-link",
    "poe-value", "type",
})  # fmt: skip
_VLAN_SILENT = frozenset({
    "name", "untagged", "tagged", "forbid", "voice", "ip", "ipv6", "no", "exit", "qos", "jumbo", "igmp", "vrrp",
    "dhcp-snooping", "dhcpv6-snooping", "connection-rate-filter", "monitor", "private-vlan", "disable", "mdns",
})  # fmt: skip
_STORM = "storm"
_STORMS = ("rate-limit bcast in ", "broadcast-limit ")


@dataclass(slots=True)
class _Port:
    """What is said of a port, wherever it is said."""

    where: Where
    untagged: int | None = None
    tagged: set[int] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    macs: int | None = None


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the whole device says of its ports."""

    voice: frozenset[int]
    tree: bool
    tells: bool
    asks: bool


def _vlan(draft: Draft, block: Block, words: list[str]) -> None:
    if len(words) > 1 and number(words[1]) is not None and not block.text.startswith("no "):
        draft.keep("vlan", block)
        if len(words) > 2:
            # In one line what else stands below it.
            block.children.insert(0, Block(block.number, " ".join(block.text.split(" ")[2:])))
        for child in block.children:
            child.read = child.text.partition(" ")[0] in _VLAN_SILENT
            for each in child.children:
                each.read = child.read


def _interface(draft: Draft, block: Block, words: list[str]) -> None:
    if len(words) > 1 and (names_of(words[1]) is not None or words[1] in {"loopback", "oobm"}):
        draft.keep("interface", block)
        for child in block.children:
            child.read = child.text.removeprefix("no ").partition(" ")[0] in _SILENT


def _by_port(draft: Draft, block: Block, words: list[str]) -> None:
    kind = words[0]
    if len(words) == 1 or words[1] in {"vlan", "trust", "enable"}:
        name = kind if len(words) == 1 or words[1] == "enable" else f"{kind} {words[1]}"
        draft.keep(f"no {name}" if block.text.startswith("no ") else name, block)
    elif len(words) > 2 and names_of(words[1]) is not None and not block.text.startswith("no "):
        draft.keep(f"{kind} of", block)
    elif words[1] == "mode" and len(words) > 2:
        draft.keep("spanning-tree mode", block)
    else:
        block.read = True


def _lldp(draft: Draft, block: Block, words: list[str]) -> None:
    if words[1:] == ["run"]:
        draft.keep("no lldp" if block.text.startswith("no ") else "lldp", block)
    elif words[1:2] == ["admin-status"] and len(words) > 3:
        draft.keep("admin-status", block)
    else:
        block.read = True


READERS = {
    "vlan": _vlan,
    "interface": _interface,
    "spanning-tree": _by_port,
    "dhcp-snooping": _by_port,
    "arp-protect": _by_port,
    "port-security": _by_port,
    "lldp": _lldp,
}


def vlans(draft: Draft) -> tuple[Vlan, ...]:
    """VLAN 1 is there, said or not."""
    found: dict[int, Vlan] = {}
    for block in draft.all("vlan"):
        words = unquoted(block.text).split(" ")
        mine = int(words[1])
        name = next(
            (unquoted(each.text)[5:].strip('"') for each in block.children if each.text.startswith("name ")), ""
        )
        known = found.get(mine)
        found[mine] = Vlan(mine, name or ("" if known is None else known.name), draft.where(block))
    return tuple(found.values())


def ports(draft: Draft) -> tuple[SwitchPort, ...]:
    """Those a text names, by VLAN or by themselves."""
    known = _Ports()
    _members(draft, known)
    _own(draft, known)
    _elsewhere(draft, known)
    active = "aaa port-access authenticator active"
    whole = _Whole(
        voice=frozenset(int(block.text.split(" ")[1]) for block in draft.all("vlan") if _says(block, "voice")),
        tree=draft.flag("spanning-tree", default=False).value,
        tells=draft.flag("lldp", default=True).value,
        asks=any(block.text == active for block in draft.all("authenticator")),
    )
    return tuple(_port(name, port, whole) for name, port in known.items())


class _Ports(dict[str, _Port]):
    """By name, in the order they are first said."""

    def of(self, draft: Draft, block: Block, names: str) -> list[_Port]:
        """Those that a line names; nothing where it is no list of ports."""
        return [self.get(name) or self._new(draft, block, name) for name in names_of(names) or ()]

    def _new(self, draft: Draft, block: Block, name: str) -> _Port:
        port = self[name] = _Port(draft.where(block))
        return port


@dataclass(frozen=True, slots=True)
class _Line:
    """What one line of a port says: VLANs, or a thing that is kept as it stands."""

    tagged: tuple[int, ...] = ()
    untagged: tuple[int, ...] = ()
    said: str = ""


class _Lines(dict[str, _Line]):
    """Lines of ports of one text: ports are alike, and each of their lines is looked at once."""

    def __missing__(self, text: str) -> _Line:
        words = text.split(" ")
        if len(words) > 2 and words[1] == "vlan" and words[0] in {"untagged", "tagged"}:
            found = tuple(numbers(words[2:]))
            line = _Line(tagged=found) if words[0] == "tagged" else _Line(untagged=found)
        else:
            line = _Line(said=_STORM if text.startswith(_STORMS) else text)
        self[text] = line
        return line


def _members(draft: Draft, known: _Ports) -> None:
    for block in draft.all("vlan"):
        mine = int(block.text.split(" ")[1])
        for child in (each.text.split(" ") for each in block.children):
            if len(child) > 1 and child[0] in {"untagged", "tagged"}:
                for port in known.of(draft, block, child[1]):
                    if child[0] == "tagged":
                        port.tagged.add(mine)
                    else:
                        port.untagged = mine


def _own(draft: Draft, known: _Ports) -> None:
    lines = _Lines()
    for block in draft.all("interface"):
        for port in known.of(draft, block, block.text.split(" ")[1]):
            port.where = draft.where(block)
            for child in block.children:
                line = lines[child.text]
                if line.said:
                    port.said.add(line.said)
                elif line.untagged:
                    port.untagged = line.untagged[-1]
                else:
                    port.tagged.update(line.tagged)


def _elsewhere(draft: Draft, known: _Ports) -> None:
    """Outermost lines that name ports."""
    for kind, at in (("spanning-tree of", 1), ("port-security of", 1), ("admin-status", 2), ("authenticator", 3)):
        for block in draft.all(kind):
            words = block.text.split(" ")
            for port in known.of(draft, block, words[at]) if len(words) > at else ():
                _note(port, kind, words)
    for kind in ("dhcp-snooping trust", "arp-protect trust"):
        for block in draft.all(kind):
            for port in known.of(draft, block, block.text.split(" ")[-1]):
                port.said.add(kind)


def _note(port: _Port, kind: str, words: list[str]) -> None:
    if kind == "port-security of":
        port.macs = _macs(words)
    elif kind == "admin-status":
        port.said.add(f"lldp {words[3]}")
    elif kind == "authenticator":
        port.said.add(kind)
    else:
        port.said.update(words[2:])


def _macs(words: list[str]) -> int | None:
    """HPE, Access Security Guide 15.15, port-security: one address unless said; `continuous` takes any number."""
    if "learn-mode" not in words[:-1] or words[words.index("learn-mode") + 1] in {"continuous", "port-access"}:
        return None
    return number(words[words.index("address-limit") + 1]) if "address-limit" in words[:-1] else 1


def _port(name: str, port: _Port, whole: _Whole) -> SwitchPort:
    phones = port.tagged & whole.voice
    # One VLAN untagged, one of telephones tagged: somebody's place at a desk.
    desk = port.untagged is not None and len(port.tagged) == 1 and bool(phones)
    access = desk or (port.untagged is not None and not port.tagged)
    mode = PortMode.ACCESS if access else PortMode.TRUNK if port.tagged else PortMode.UNKNOWN
    told = whole.tells and not {"lldp disable", "lldp rxonly"} & port.said
    return SwitchPort(
        name=name, shut="disable" in port.said, mode=mode, vlan=port.untagged,
        tagged=() if access else joined((each, each) for each in port.tagged),
        voice=min(phones) if desk else None, macs=port.macs,
        dot1x=whole.asks and "authenticator" in port.said,
        bpdu_guard=whole.tree and "bpdu-protection" in port.said, edge="admin-edge-port" in port.said,
        storm=_STORM in port.said,
        snooping_trusted="dhcp-snooping trust" in port.said, arp_trusted="arp-protect trust" in port.said,
        discovery=frozenset({"lldp"}) if told else frozenset(), where=port.where,
    )  # fmt: skip


def layer2(draft: Draft) -> Layer2:
    """Each guard needs both: the command for all of it, and the VLANs."""
    tree, mode = draft.flag("spanning-tree", default=False), draft.last("spanning-tree mode")
    named = "mstp" if mode is None else mode.text.split(" ")[-1]
    return Layer2(
        _guarded(draft, "dhcp-snooping"),
        _guarded(draft, "arp-protect"),
        draft.silent(False),
        Fact(named if tree.value else "none", tree.where),
    )


def _guarded(draft: Draft, name: str) -> Fact[tuple[tuple[int, int], ...]]:
    on = draft.flag(name, default=False)
    if not on.value:
        return Fact((), on.where)
    found = [each for block in draft.all(f"{name} vlan") for each in numbers(block.text.split(" ")[2:])]
    return Fact(joined((each, each) for each in found), on.where)


def _says(block: Block, line: str) -> bool:
    return any(child.text == line for child in block.children)
