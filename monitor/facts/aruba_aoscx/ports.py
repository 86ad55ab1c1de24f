"""Ports, VLANs and what guards them, in a text of AOS-CX. Defaults: Aruba's guides; not verified on a device."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from monitor.facts.draft import Draft, Spans, joined
from monitor.facts.indent import Block
from monitor.facts.numbers import number
from monitor.facts.switch import Layer2, PortMode, SwitchPort, Vlan
from monitor.facts.vlans import named
from monitor.facts.where import Fact

__all__ = ["READERS", "layer2", "ports", "vlans"]

_PORT = re.compile(r"interface (\d+/\d+/\d+)")
_SILENT = frozenset({
    "description", "mtu", "speed", "flow-control", "energy-efficient-ethernet", "power-over-ethernet", "lag",
    "qos", "loop-protect", "udld", "lacp", "persona", "shape", "rate-interval", "link-flap-detect", "poe",
    "apply", "port-access", "storm-control", "ip", "ipv6", "vrf", "exit", "dhcpv6-snooping", "nd-snooping",
    "mirror", "client", "mac", "mac-notify", "sflow", "cdp", "arp", "ptp", "multi-chassis", "rate-limit",
    "spanning-tree", "aaa", "lldp", "dhcpv4-snooping",
})  # fmt: skip
"""First words of lines of a port that say nothing of what it is, or are looked at where they do."""
_OF_VLAN = frozenset({
    "name", "description", "voice", "shutdown", "dhcpv4-snooping", "dhcpv6-snooping", "nd-snooping", "arp", "ip",
    "ipv6", "client", "mgmd", "vsx-sync", "exit",
})  # fmt: skip
_SPAN = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")
_LIMIT = "client-limit "
_ROUTES = ("routing", "ip address ")
_LLDP = frozenset({"lldp"})


def _vlan(draft: Draft, block: Block, words: list[str]) -> None:
    if len(words) == 2 and words[1][:1].isdigit():
        draft.keep("vlan", block)
        for child in block.children:
            first = child.text.removeprefix("no ").split(" ")[0]
            child.read = first in _OF_VLAN


def _interface(draft: Draft, block: Block, words: list[str]) -> None:
    draft.keep("port" if _PORT.fullmatch(block.text) else "interface", block)
    for child in block.children:
        said = child.text.removeprefix("no ")
        child.read = said.partition(" ")[0] in _SILENT or said in {"shutdown", "routing"} or said.startswith("vlan ")
        if child.children:
            child.read = child.read and not any(map(_vague, child.children))
            for each in child.children:
                each.read = child.read
    if words[1:2] in (["mgmt"], ["loopback"], ["tunnel"]):
        for child in block.children:
            child.read = True


def _vague(line: Block) -> bool:
    """Whether it limits who may show himself to nobody knows how many."""
    return line.text.startswith(_LIMIT) and number(line.text.removeprefix(_LIMIT)) is None


def _tree(draft: Draft, block: Block, words: list[str]) -> None:
    if len(words) == 1:
        draft.keep("no spanning-tree" if block.text.startswith("no ") else "spanning-tree", block)
    elif words[1] == "mode" and len(words) == 3:
        draft.keep("spanning-tree mode", block)
    else:
        block.read = True


def _flag(name: str) -> Callable[[Draft, Block, list[str]], None]:
    def keep(draft: Draft, block: Block, words: list[str]) -> None:
        said = " ".join(words)
        if said == name:
            draft.keep(f"no {name}" if block.text.startswith("no ") else name, block)
        else:
            block.read = True

    return keep


READERS = {
    "vlan": _vlan,
    "interface": _interface,
    "spanning-tree": _tree,
    "dhcpv4-snooping": _flag("dhcpv4-snooping"),
    "lldp": _flag("lldp"),
    "port-access": _flag("port-access port-security enable"),
}


@dataclass(frozen=True, slots=True)
class _Whole:
    """What the whole device says of its ports."""

    voice: frozenset[int]
    secured: bool
    tells: bool
    asks: bool


def vlans(draft: Draft) -> tuple[Vlan, ...]:
    """With their names, where they have any."""
    return _named(draft, draft.all("vlan"))


def _named(draft: Draft, said: Iterable[Block]) -> tuple[Vlan, ...]:
    return named((_spans(block.text[5:]), _name(block), draft.where(block)) for block in said)


def _name(block: Block) -> str:
    return next((child.text[5:] for child in block.children if child.text.startswith("name ")), "")


def ports(draft: Draft) -> tuple[SwitchPort, ...]:
    """The physical ones, in the order of the text."""
    phones = [block for block in draft.all("vlan") if _says(block, "voice")]
    dot1x = [block for block in draft.all("authentication port-access") if block.text.endswith("dot1x authenticator")]
    whole = _Whole(
        voice=frozenset(each.number for each in _named(draft, phones)),
        secured=draft.flag("port-access port-security enable", default=False).value,
        tells=draft.flag("lldp", default=True).value,
        asks=any(_says(block, "enable") for block in dot1x),
    )  # fmt: skip
    modes = _Modes()
    return tuple(_port(draft, block, whole, modes) for block in draft.all("port"))


def _port(draft: Draft, block: Block, whole: _Whole, modes: _Modes) -> SwitchPort:
    said = {child.text: child for child in block.children}
    mode, vlan, tagged = modes[tuple([line for line in said if "vlan" in line or line.startswith(_ROUTES)])]
    phone = None
    if mode is PortMode.TRUNK and tagged is not None and vlan is not None and _few(tagged):
        others = [each for first, last in tagged for each in range(first, last + 1) if each != vlan]
        if len(others) == 1 and others[0] in whole.voice:
            # One VLAN untagged, one of telephones tagged: somebody's place at a desk.
            mode, phone, tagged = PortMode.ACCESS, others[0], ()
    return SwitchPort(
        name=block.text[10:], shut="no shutdown" not in said, mode=mode, vlan=vlan, tagged=tagged, voice=phone,
        macs=_macs(said.get("port-access port-security")) if whole.secured else None,
        dot1x=whole.asks and _says(said.get("aaa authentication port-access dot1x authenticator"), "enable"),
        bpdu_guard="spanning-tree bpdu-guard" in said,
        edge="spanning-tree port-type admin-edge" in said,
        storm=any(line.startswith("rate-limit broadcast ") for line in said),
        snooping_trusted="dhcpv4-snooping trust" in said, arp_trusted="arp inspection trust" in said,
        discovery=_LLDP if whole.tells and "no lldp transmit" not in said else frozenset(),
        where=draft.where(block),
    )  # fmt: skip


def _few(spans: Spans) -> bool:
    return sum(last - first for first, last in spans) < 2


class _Modes(dict[tuple[str, ...], tuple[PortMode, int | None, Spans | None]]):
    """What a port is, its VLAN and those it carries tagged, by its lines that say so: ports are alike."""

    def __missing__(self, lines: tuple[str, ...]) -> tuple[PortMode, int | None, Spans | None]:
        mode = self[lines] = _mode(lines)
        return mode


def _mode(said: tuple[str, ...]) -> tuple[PortMode, int | None, Spans | None]:
    if any(line == "routing" or line.startswith("ip address ") for line in said):
        return PortMode.ROUTED, None, ()
    mode, vlan, tagged, trunk = PortMode.UNKNOWN, None, (), False
    native, allowed = 1, None
    for line in said:
        words = line.split(" ")
        if words[0] == "vlan" and len(words) > 2 and words[1] == "access" and (mine := number(words[2])) is not None:
            mode, vlan = PortMode.ACCESS, mine
        elif words[:2] == ["vlan", "trunk"] and len(words) > 3:
            trunk = True
            if words[2] == "native":
                if (mine := number(words[3])) is None:
                    return PortMode.UNKNOWN, None, None
                native = mine
            elif words[2] == "allowed":
                allowed = None if words[3] == "all" else joined((*(allowed or ()), *_spans(words[3])))
        elif "vlan" in words and not line.startswith("no "):
            return PortMode.UNKNOWN, None, None
    if trunk:
        return PortMode.TRUNK, native, allowed
    return mode, vlan, tagged if mode is PortMode.ACCESS else None


def _macs(block: Block | None) -> int | None:
    """One, where no number is named."""
    if block is None or not _says(block, "enable"):
        return None
    for child in block.children:
        if child.text.startswith(_LIMIT):
            return number(child.text.removeprefix(_LIMIT))
    return 1


def _says(block: Block | None, line: str) -> bool:
    return block is not None and any(child.text == line for child in block.children)


def layer2(draft: Draft) -> Layer2:
    """DHCP snooping needs both: the command for all of it, and the one of the VLAN."""
    snooping = draft.flag("dhcpv4-snooping", default=False)
    tree, mode = draft.flag("spanning-tree", default=False), draft.last("spanning-tree mode")
    named = draft.silent("mstp") if mode is None else draft.fact(mode, mode.text.split(" ")[2])
    guarded = tuple(_within(draft, "dhcpv4-snooping")) if snooping.value else ()
    inspected = joined(_within(draft, "arp inspection"))
    return Layer2(
        Fact(joined(guarded), snooping.where),
        draft.silent(inspected),
        draft.silent(False),
        named if tree.value else Fact("none", tree.where),
    )


def _within(draft: Draft, line: str) -> Iterator[tuple[int, int]]:
    return (span for block in draft.all("vlan") if _says(block, line) for span in _spans(block.text[5:]))


def _spans(word: str) -> Iterator[tuple[int, int]]:
    for part in word.split(","):
        if (match := _SPAN.fullmatch(part)) is not None:
            yield int(match[1]), int(match[2] or match[1])
