"""A text of AOS-CX so that two of them can be compared: one way of writing, no defaults, no keys.

A key is a star: the device encrypts it anew whenever it is typed (see `templates.aruba_aoscx.text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from playbooks.drivers.cli.order import natural, sorted_blocks, written
from templates.aruba_aoscx.text import Banner, divided, keyless, numbers
from templates.switch.indent import Block, blocks, numbered

__all__ = ["joined", "normal", "parts"]

_NOISE = re.compile(
    r"(?:Current|Startup|Checkpoint) configuration\b.*|exit|end|Invalid input: .*|export-password: .*|"
    r"exit-address-family"
)
_PLAIN = {
    "": re.compile(r"no (?:telnet|https-server|dhcpv4-snooping|spanning-tree|ntp authentication)\b.*|vlan 1"),
    "interface": re.compile(
        r"no routing|vlan access 1|vlan trunk native 1|no ip dhcp|lldp transmit|lldp receive|no description|"
        r"shutdown|no spanning-tree .*|no rate-limit .*|no (?:arp inspection|dhcpv4-snooping) trust|no ip address"
    ),
    "vlan": re.compile(r"no (?:shutdown|voice|dhcpv4-snooping|arp inspection)"),
}
"""What holds anyway. Sources: the defaults in Aruba's command references; not verified on a device.

A port that is up is shown as `no shutdown` (running texts in Aruba's guides): without a word it is down.
"""
_VLANS = re.compile(r"((?:no )?vlan) (\d[\d,-]*)")
_ALLOWED = re.compile(r"vlan trunk allowed (\d[\d,-]*)")
_ORDERED = re.compile(r"(?:access-list|class|policy|port-access policy|route-map|router|user-group) ")
_RANKS = re.compile(
    r"(?P<a>hostname )|(?P<b>user )|(?P<c>radius-server |tacacs-server )|(?P<d>aaa )|(?P<e>access-list )|"
    r"(?P<f>vrf )|(?P<h>vlan )|(?P<i>interface )|(?P<j>ip route )"
)


def normal(text: str) -> str:
    """Both what a device shows and what a template writes. Never fails; said twice, nothing changes."""
    top, banners = parts(text)
    return joined(top, banners)


def parts(text: str) -> tuple[list[Block], tuple[Banner, ...]]:
    """The same, still apart: the lines, and the banners by their kinds."""
    found = divided(text.replace("\r\n", "\n"))
    top = [block for block in _level("", blocks(numbered(found.text))) if not _NOISE.fullmatch(block.text)]
    top.sort(key=lambda block: _rank(block.text))
    # Of two banners of a kind the later one holds.
    return top, tuple(sorted({each.kind: each for each in found.banners}.values(), key=lambda each: each.kind))


def joined(top: Iterable[Block], banners: Iterable[Banner]) -> str:
    """One text again."""
    lines = list(written(top))
    for banner in banners:
        lines += [f"banner {banner.kind} ^", *banner.lines, "^"]
    return "".join(f"{line}\n" for line in lines)


def _level(parent: str, found: Iterable[Block]) -> list[Block]:
    """The children of a line, each once, in their normal order where the order says nothing."""
    plain = _PLAIN.get(parent.split(" ", 1)[0])
    level: dict[str, Block] = {}
    for block in (each for every in found for each in _single(every)):
        level.setdefault(block.text, Block(block.number, block.text)).children += block.children
    kept = [
        block
        for block in level.values()
        if block.text != "exit" and (plain is None or block.children or plain.fullmatch(block.text) is None)
    ]
    for block in kept:
        block.children = _level(block.text, block.children) if block.children else []
    return kept if not parent or _ORDERED.match(parent) else sorted_blocks(kept)


def _single(block: Block) -> Iterator[Block]:
    """A line as lines that say one thing each."""
    text = keyless(block.text)
    if (many := _VLANS.fullmatch(text)) is not None:
        yield from (Block(block.number, f"{many[1]} {number}", list(block.children)) for number in numbers(many[2]))
    elif (allowed := _ALLOWED.fullmatch(text)) is not None:
        yield from (Block(block.number, f"vlan trunk allowed {number}") for number in numbers(allowed[1]))
    else:
        yield Block(block.number, text, block.children)


def _rank(text: str) -> tuple[str, list[tuple[int, str]]]:
    match = _RANKS.match(text)
    return ((match.lastgroup or "") if match is not None else "g"), natural(text)
