"""Ports, VLANs and what guards them, in a text of IOS. Defaults: Cisco, LAN switching and security references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitor.facts.cisco_ios.page import Page
from monitor.facts.indent import Block
from monitor.facts.switch import Layer2, PortMode, SwitchPort, Vlan
from monitor.facts.vlans import named
from monitor.facts.where import Fact, Where

__all__ = ["layer2", "ports", "vlans"]

_Spans = tuple[tuple[int, int], ...]
_PHYSICAL = re.compile(
    r"interface ((?:Ethernet|FastEthernet|GigabitEthernet|TwoGigabitEthernet|FiveGigabitEthernet|TenGigabitEthernet|"
    r"TwentyFiveGigE|FortyGigabitEthernet|HundredGigE|AppGigabitEthernet) ?\d[\d/]*)"
)
_OTHER = re.compile(r"interface (?:Vlan|Port-channel|Loopback|Tunnel|Null|Bluetooth|Async|Cellular|Dialer|nve|BDI).*")
_VLAN = re.compile(r"vlan (\d[\d,-]*)")
_NAME = re.compile(r"name (\S.*)")
_VALUE = re.compile(
    r"(switchport access vlan|switchport voice vlan|switchport trunk native vlan|switchport port-security maximum)"
    r" (\d{1,9})"
)
_ALLOWED = re.compile(r"switchport trunk allowed vlan (add )?(\d[\d,-]*|none|all)")
_FLAGS = re.compile(
    r"shutdown|no shutdown|switchport|no switchport|switchport mode (?:access|trunk|dynamic auto|dynamic desirable)|"
    r"switchport nonegotiate|switchport port-security|spanning-tree portfast(?: edge)?|spanning-tree bpduguard enable|"
    r"spanning-tree portfast(?: edge)? trunk|spanning-tree bpduguard disable|storm-control broadcast level .*|"
    r"ip dhcp snooping trust|ip arp inspection trust|no lldp transmit|no cdp enable|cdp enable|lldp transmit|"
    r"(?:authentication|access-session|dot1x) port-control auto|no ip address|ip address .*"
)
_SILENT = re.compile(
    r"description .*|speed .*|duplex .*|(?:no )?mdix .*|(?:no )?power inline.*|switchport port-security .*|"
    r"storm-control .*|switchport block .*|switchport protected|spanning-tree .*|channel-group .*|channel-protocol .*|"
    r"authentication .*|access-session .*|dot1x .*|mab.*|(?:no )?lldp .*|(?:no )?cdp .*|ip dhcp snooping .*|"
    r"ip arp inspection .*|ip verify source.*|ip device tracking.*|device-tracking.*|mls qos .*|auto qos .*|"
    r"priority-queue .*|srr-queue .*|service-policy .*|load-interval \d+|(?:no )?logging event .*|(?:no )?snmp trap .*|"
    r"media-type .*|udld .*|negotiation .*|(?:no )?ip (?:redirects|unreachables|proxy-arp|route-cache.*|mroute-cache)|"
    r"vrf .*|ip vrf forwarding .*|macro .*|source template .*|keepalive.*|no keepalive|switchport mode .*|"
    r"ip access-group .*|no mop .*|standby .*|negotiation auto|ipv6 .*|no ipv6 .*|errdisable .*|"
    r"arp timeout \d+|bandwidth \d+"
)


_UNCLEAR = "?"
_ALIKE = ("spanning-tree portfast", "storm-control broadcast", "ip address")
"""How flags begin that say one thing, whatever stands behind."""
_ASKING = "port-control auto"
"""How the one ends that IOS has three words for."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What one line of a port says; most say nothing that is of matter."""

    read: bool = True
    flag: str = ""
    setting: str = ""
    number: int = 0
    allowed: str = ""
    more: bool = False
    """Whether the VLANs allowed are more than those said before."""


class _Lines(dict[str, _Line]):
    """Lines of ports of one text: ports are alike, and each of their lines is looked at once."""

    def __missing__(self, text: str) -> _Line:
        line = self[text] = _line(text)
        return line


def _line(text: str) -> _Line:
    if (match := _VALUE.fullmatch(text)) is not None:
        return _Line(setting=match[1].removesuffix(" vlan"), number=int(match[2]))
    if (match := _ALLOWED.fullmatch(text)) is not None:
        return _Line(allowed=match[2], more=match[1] is not None)
    if _FLAGS.fullmatch(text) is not None:
        alike = _ASKING if text.endswith(_ASKING) else next((each for each in _ALIKE if text.startswith(each)), text)
        return _Line(flag=alike)
    if _SILENT.fullmatch(text) is not None:
        return _Line()
    # It may say anything of what the port is.
    return _Line(read=False, flag=_UNCLEAR if "switchport" in text else "")


def ports(page: Page) -> tuple[SwitchPort, ...]:
    """The physical ones, in the order of the text."""
    tells = _tells(page)
    asks = page.said("dot1x system-auth-control") is not None
    lines, found = _Lines(), []
    for block in page.beginning("interface"):
        match = _PHYSICAL.fullmatch(block.text)
        if match is not None:
            block.read = True
            found.append(_port(page.where(block), match[1].replace(" ", ""), _Said.of(block, lines), tells, asks=asks))
        elif _OTHER.fullmatch(block.text) is not None:
            block.read = True
            for child in block.children:
                child.read = child.read or bool(_FLAGS.fullmatch(child.text) or _SILENT.fullmatch(child.text))
    return tuple(found)


def _tells(page: Page) -> frozenset[str]:
    """CDP does unless told not to, LLDP does not (Cisco, `cdp run`, `lldp run`)."""
    cdp, lldp = page.either("cdp run"), page.either("lldp run")
    told = {"cdp"} if cdp is None or cdp.value else set()
    return frozenset(told | ({"lldp"} if lldp is not None and lldp.value else set()))


@dataclass(slots=True)
class _Said:
    """What the lines of a port say together."""

    flags: set[str] = field(default_factory=set)
    settings: dict[str, int] = field(default_factory=dict)
    allowed: _Spans | None = None

    @classmethod
    def of(cls, block: Block, lines: _Lines) -> _Said:
        """All of them; those that are understood are marked."""
        said = cls()
        for child in block.children:
            line = lines[child.text]
            if line.read:
                child.read = True
            if line.flag:
                said.flags.add(line.flag)
            elif line.setting:
                said.settings[line.setting] = line.number
            elif line.allowed:
                said.allowed = _allowed(said.allowed or () if line.more else (), line.allowed)
        return said


def _port(where: Where, name: str, said: _Said, tells: frozenset[str], *, asks: bool) -> SwitchPort:
    flags, settings = said.flags, said.settings
    mode = _mode(flags)
    trunk = mode is PortMode.TRUNK
    untagged = settings.get("switchport trunk native" if trunk else "switchport access", 1)
    secured = settings.get("switchport port-security maximum", 1) if "switchport port-security" in flags else None
    return SwitchPort(
        name=name, shut="shutdown" in flags, mode=mode, vlan=None if _UNCLEAR in flags else untagged,
        tagged=said.allowed if trunk else (), voice=settings.get("switchport voice"), macs=secured,
        dot1x=asks and _ASKING in flags, bpdu_guard="spanning-tree bpduguard enable" in flags,
        edge="spanning-tree portfast" in flags, storm="storm-control broadcast" in flags,
        snooping_trusted="ip dhcp snooping trust" in flags, arp_trusted="ip arp inspection trust" in flags,
        discovery=tells - _silenced(flags), where=where,
    )  # fmt: skip


def _silenced(flags: set[str]) -> frozenset[str]:
    return frozenset(
        name for name, line in (("lldp", "no lldp transmit"), ("cdp", "no cdp enable")) if line in flags
    )  # fmt: skip


def _mode(flags: set[str]) -> PortMode:
    if "no switchport" in flags or "ip address" in flags:
        return PortMode.ROUTED
    if _UNCLEAR in flags:
        return PortMode.UNKNOWN
    if "switchport mode access" in flags:
        return PortMode.ACCESS
    return PortMode.TRUNK if "switchport mode trunk" in flags else PortMode.UNKNOWN


def _allowed(before: _Spans, word: str) -> _Spans | None:
    if word == "all":
        return None
    return () if word == "none" else _joined((*before, *_spans(word)))


def _spans(word: str) -> Iterator[tuple[int, int]]:
    for part in word.split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and (last.isdigit() or not last) and len(part) < 10:
            yield int(first), int(last or first)


def _joined(spans: Iterable[tuple[int, int]]) -> _Spans:
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def vlans(page: Page) -> tuple[Vlan, ...] | None:
    """None of a VTP server or client: its text does not show them (Cisco, VTP configuration guide)."""
    found = named((_spans(match[1]), _name(block), page.where(block)) for block, match in page.matching("vlan", _VLAN))
    known = page.said("vtp mode transparent") or page.said("vtp mode off")
    return found if found or known is not None else None


def _name(block: Block) -> str:
    name = ""
    for child in block.children:
        if (match := _NAME.fullmatch(child.text)) is not None:
            child.read, name = True, match[1]
    return name


_GUARDED = {
    "ip dhcp snooping vlan": re.compile(r"ip dhcp snooping vlan (\d[\d,-]*)"),
    "ip arp inspection vlan": re.compile(r"ip arp inspection vlan (\d[\d,-]*)"),
}
_TREE = re.compile(r"spanning-tree mode (\S+)")
_TREE_REST = re.compile(r"spanning-tree .*")


def layer2(page: Page) -> Layer2:
    """DHCP snooping needs both: the command for all of it, and the VLANs."""
    snooping, on = _guarded(page, "ip dhcp snooping vlan"), page.said("ip dhcp snooping")
    if on is None:
        snooping = Fact((), snooping.where)
    default = next(
        (found for edge in ("", "edge ")
         if (found := page.said(f"spanning-tree portfast {edge}bpduguard default")) is not None), None,
    )  # fmt: skip
    trees = [page.fact(block, match[1]) for block, match in page.matching("spanning-tree", _TREE)]
    for _ in page.matching("spanning-tree", _TREE_REST):
        pass
    return Layer2(
        snooping, _guarded(page, "ip arp inspection vlan"),
        Fact(default is not None, page.anywhere() if default is None else page.where(default)),
        trees[-1] if trees else Fact("pvst", page.anywhere()),
    )  # fmt: skip


def _guarded(page: Page, words: str) -> Fact[_Spans]:
    spans: list[tuple[int, int]] = []
    where = page.anywhere()
    for block, match in page.matching(words, _GUARDED[words]):
        spans += _spans(match[1])
        where = page.where(block)
    return Fact(_joined(spans), where)
