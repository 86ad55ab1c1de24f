"""A text of ArubaOS-Switch so that two of them can be compared: one way of writing, no defaults, no keys.

What a device shows by VLAN and by lists of ports stands here by port. A key is a star: the device shows it encrypted or
hashed (see `templates.hp_procurve.text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from playbooks.drivers.cli.order import natural, sorted_blocks, written
from templates.hp_procurve.text import Banner, divided, keyless, numbers, ports, unquoted
from templates.switch.indent import Block, blocks, numbered

__all__ = ["joined", "normal", "parts"]

_NOISE = re.compile(r"(?:Running|Startup) configuration:.*|exit|end|password (?:manager|operator)")
_PLAIN = {
    "": re.compile(
        r"ip ssh|aaa authentication num-attempts 3|aaa authentication lockout-delay 0|console idle-timeout 0|"
        r"console idle-timeout serial-usb 0|lldp run|lldp admin-status \S+ tx_rx|dhcp-snooping option 82|"
        r"snmp-server enable|"
        r"no spanning-tree|no dhcp-snooping|no arp-protect|no ntp authentication|no snmp-server community \S+|"
        r"no port-security \S+|no aaa port-access \S+ \S+|telnet-server|web-management|tftp client|tftp server|"
        r"autorun|cdp run|no snmpv3 enable|no snmpv3 only"
    ),
    "interface": re.compile(r"enable|no name|no dhcp-snooping trust|no arp-protect trust|no rate-limit .*|exit"),
    "vlan": re.compile(r"no ip address|name DEFAULT_VLAN|no voice|exit"),
}
"""What holds anyway. Sources: the defaults in HPE's guides; not verified on a device."""
_BY_PORT = re.compile(
    r"((?:no )?(?:spanning-tree|port-security|lldp admin-status|aaa port-access(?: authenticator| mac-based)?|"
    r"loop-protect|rate-limit)) (\S*\d\S*)( .+)?"
)
_BY_VLAN = re.compile(r"((?:no )?(?:dhcp-snooping|arp-protect) vlan) (\d.*)")
_TRUSTED = re.compile(r"((?:dhcp-snooping|arp-protect) trust) (\S+)")
_MEMBERS = re.compile(r"(untagged|tagged) (\S+)")
_ONE_LINE = re.compile(r"(vlan \d+) (name .+|untagged .+|tagged .+|voice|ip address .+)")
_ATTRIBUTES = ("admin-edge-port", "auto-edge-port", "bpdu-protection", "bpdu-filter", "root-guard", "tcn-guard")
_RANKS = re.compile(r"(?P<a>hostname )|(?P<b>vlan )|(?P<c>interface )")


def normal(text: str) -> str:
    """Both what a device shows and what a template writes. Never fails; said twice, nothing changes."""
    top, banners = parts(text)
    return joined(top, banners)


def parts(text: str) -> tuple[list[Block], tuple[Banner, ...]]:
    """The same, still apart: the lines, and the banners by their kinds."""
    found = divided(text.replace("\r\n", "\n"))
    every = blocks(numbered(found.text, comments=";"))
    top: dict[str, Block] = {}
    for block in (each for said in every for each in _single(said)):
        top.setdefault(block.text, Block(block.number, block.text)).children += block.children
    _members(top)
    kept = [_kept(block) for block in top.values() if not _NOISE.fullmatch(block.text)]
    said = [block for block in kept if block.children or not _plain("", block.text)]
    said.sort(key=lambda block: _rank(block.text))
    # Of two banners of a kind the later one holds.
    return said, tuple(sorted({each.kind: each for each in found.banners}.values(), key=lambda each: each.kind))


def joined(top: Iterable[Block], banners: Iterable[Banner]) -> str:
    """One text again."""
    lines = list(written(top))
    for banner in banners:
        message = "".join(f"{line}\\n" for line in banner.lines)
        lines.append(f'banner {banner.kind} "{message}"')
    return "".join(f"{line}\n" for line in lines)


def _members(top: dict[str, Block]) -> None:
    """Take the ports out of the VLANs, to the ports. A later word about an untagged VLAN holds."""
    for vlan in [block for block in top.values() if block.text.startswith("vlan ")]:
        kept: dict[str, Block] = {}
        for child in vlan.children:
            said = unquoted(child.text)
            match = _MEMBERS.fullmatch(said)
            names = ports(match[2]) if match is not None else None
            if match is None or names is None:
                kept.setdefault(said, Block(child.number, said, child.children))
                continue
            for name in names:
                port = top.setdefault(f"interface {name}", Block(child.number, f"interface {name}"))
                port.children.append(Block(child.number, f"{match[1]} {vlan.text}"))
        vlan.children = [block for block in kept.values() if not block.text.startswith("no untagged ")]


def _kept(block: Block) -> Block:
    children: dict[str, Block] = {}
    for child in block.children:
        said = unquoted(child.text)
        if said != "exit" and not _plain(block.text, said):
            children.setdefault(said, Block(child.number, said, child.children))
    ordered = block.text.startswith(("ip access-list", "class ", "policy ", "router "))
    block.children = list(children.values()) if ordered else sorted_blocks(children.values())
    return block


def _plain(parent: str, text: str) -> bool:
    known = _PLAIN.get(parent.split(" ", 1)[0])
    return known is not None and known.fullmatch(text) is not None


def _single(block: Block) -> Iterator[Block]:
    """An outermost line as lines that say one thing each."""
    text = keyless(unquoted(block.text))
    if (one := _ONE_LINE.fullmatch(text)) is not None:
        yield Block(block.number, one[1], [Block(block.number, one[2])])
    elif text.startswith("interface ") and (names := ports(text[10:])) is not None:
        yield from (Block(block.number, f"interface {name}", list(block.children)) for name in names)
    elif (trusted := _TRUSTED.fullmatch(text)) is not None and (names := ports(trusted[2])) is not None:
        for name in names:
            yield Block(block.number, f"interface {name}", [Block(block.number, trusted[1])])
    elif (vlans := _BY_VLAN.fullmatch(text)) is not None:
        yield from (Block(block.number, f"{vlans[1]} {number}") for number in numbers(vlans[2].split(" ")))
    elif (by_port := _BY_PORT.fullmatch(text)) is not None and (names := ports(by_port[2])) is not None:
        for name in names:
            yield from (Block(block.number, f"{by_port[1]} {name}{said}") for said in _said(by_port[3] or ""))
    else:
        yield Block(block.number, text, block.children)


def _said(rest: str) -> Iterator[str]:
    """`admin-edge-port bpdu-protection` says two things."""
    words = rest.split()
    if words and all(word in _ATTRIBUTES for word in words):
        yield from (f" {word}" for word in words)
    else:
        yield rest


def _rank(text: str) -> tuple[str, list[tuple[int, str]]]:
    match = _RANKS.match(text)
    return ((match.lastgroup or "") if match is not None else "aa"), natural(text)
