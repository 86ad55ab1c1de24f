"""Indented text as facts are read from it: what nobody has understood is counted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from monitor.facts.text import Text
from monitor.facts.where import Where
from templates.switch.indent import Block, blocks, numbered

__all__ = ["OF_PORT", "Block", "blocks", "numbered", "torn", "unread"]

OF_PORT = re.compile(
    r"(?:no )?(?:switchport|spanning-tree|storm-control|shutdown|enable|disable|lldp|cdp|tagged|untagged|vlan access|"
    r"vlan trunk|rate-limit|port-access|client-limit|authentication|dot1x|routing|ip dhcp snooping|ip arp inspection|"
    r"dhcpv4-snooping|dhcp-snooping|arp inspection|voice)\b"
)
"""How lines under a port begin, on every platform that writes so."""


def unread(text: Text, top: list[Block]) -> Iterator[Where]:
    """The lines nobody has understood, in the order of the text."""
    levels = [iter(top)]
    while levels:
        for block in levels[-1]:
            if not block.read:
                yield text.where(block.number)
            if block.children:
                levels.append(iter(block.children))
                break
        else:
            levels.pop()


def torn(top: Iterable[Block], lines: re.Pattern[str] = OF_PORT) -> bool:
    """Whether such lines stand under one that nobody has understood: whose they are is not known any more."""
    waiting = list(top)
    while waiting:
        block = waiting.pop()
        if not block.read and any(lines.match(child.text) for child in block.children):
            return True
        waiting += block.children
    return False
