"""A text of IOS so that two of them can be compared: one way of writing, no defaults, no order where none counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from playbooks.drivers.cisco_ios.defaults import noise, plain
from playbooks.drivers.cisco_ios.terminals import regrouped
from playbooks.drivers.cli.order import natural, sorted_blocks, written
from templates.cisco_ios.banner import Banner, divided
from templates.cisco_ios.seven import shown
from templates.switch.indent import Block, blocks, numbered
from templates.switch.spans import numbers, spans

__all__ = ["joined", "normal", "parts", "tree"]

_REWRITTEN = (
    (re.compile(r"^(no )?ip domain[- ]lookup\b"), r"\1ip domain-lookup"),
    (re.compile(r"^(no )?ip domain[- ]name\b"), r"\1ip domain-name"),
    (re.compile(r"^spanning-tree portfast edge$"), "spanning-tree portfast"),
    # IOS XE numbers the entries of a list when it shows them.
    (re.compile(r"^\d+ (permit|deny|remark)\b"), r"\1"),
    (re.compile(r"^(permit|deny) host (\S+)$"), r"\1 \2"),
    # The hash itself says which type it is.
    (re.compile(r"^(username .*?secret|enable secret) \d+ (\$(\d)\$)"), r"\1 \3 \2"),
    (re.compile(r"^(.*\b(?:key|password)) 0 (\S.*)$"), r"\1 \2"),
    (re.compile(r"^(snmp-server community \S+) (RO|RW)$", re.IGNORECASE), lambda m: f"{m[1]} {m[2].upper()}"),
)
_SEVEN = re.compile(r"^(.*\b(?:key|password)) 7 (\S+)$")
_SEVEN_BEHIND = re.compile(r"^(ntp authentication-key \d+ \S+) (\S+) 7$")
_VLANS = re.compile(r"^((?:no )?(?:vlan|ip dhcp snooping vlan|ip arp inspection vlan)) (\d[\d,-]*)$")
_ALLOWED = re.compile(r"^switchport trunk allowed vlan (?:add )?(\d[\d,-]*)$")
_ORDERED = re.compile(r"^(?:ip|ipv6|mac|arp) access-list |^(?:class|policy|route)-map |^crypto pki certificate ")
_RANKS = re.compile(
    r"(?P<a>hostname )|(?P<b>(?:no )?(?:version|boot|service|platform) )|(?P<c>aaa |enable |username )|(?P<d>vlan )|"
    r"(?P<e>interface )|(?P<f>(?:no )?ip access-list )|(?P<g>line )"
)


def normal(text: str) -> str:
    """Both what a device shows and what a template writes. Never fails; said twice, nothing changes."""
    top, banners = parts(text)
    return joined(top, banners)


def parts(text: str) -> tuple[list[Block], tuple[Banner, ...]]:
    """The same, still apart: the lines, and the banners by their kinds."""
    found = divided(text.replace("\r\n", "\n"))
    top = [block for block in tree(found.text) if not noise(block.text)]
    # Of two banners of a kind the later one holds.
    return top, tuple(sorted({each.kind: each for each in found.banners}.values(), key=lambda each: each.kind))


def tree(text: str) -> list[Block]:
    """Lines without banners, in their normal order."""
    top = _level("", blocks(numbered(text)))
    return sorted(regrouped(top), key=lambda block: _rank(block.text))


def joined(top: Iterable[Block], banners: Iterable[Banner]) -> str:
    """One text again."""
    lines = [*written(top)]
    for banner in banners:
        lines += [f"banner {banner.kind} ^C", *banner.lines, "^C"]
    return "".join(f"{line}\n" for line in lines)


def _level(parent: str, found: list[Block]) -> list[Block]:
    """The children of a line, each once, in their normal order where the order says nothing."""
    level: dict[str, Block] = {}
    allowed: set[int] = set()
    for block in (each for every in found for each in _single(every)):
        if (more := _ALLOWED.match(block.text)) is not None:
            allowed |= set(numbers(more[1]))
        elif not plain(parent, block.text):
            level.setdefault(block.text, Block(block.number, block.text)).children += block.children
    if allowed:
        line = f"switchport trunk allowed vlan {spans(allowed)}"
        level[line] = Block(0, line)
    for block in level.values():
        block.children = _level(block.text, block.children) if block.children else []
    kept = list(level.values())
    return kept if not parent or _ORDERED.match(parent) else sorted_blocks(kept)


def _single(block: Block) -> Iterator[Block]:
    """A line as lines that say one thing each."""
    text = _rewritten(block.text)
    many = _VLANS.match(text)
    if many is None:
        yield Block(block.number, text, block.children)
        return
    yield from (Block(block.number, f"{many[1]} {number}", list(block.children)) for number in numbers(many[2]))


def _rewritten(text: str) -> str:
    for pattern, instead in _REWRITTEN:
        text = pattern.sub(instead, text)
    for pattern in (_SEVEN, _SEVEN_BEHIND):
        match = pattern.match(text)
        if match is not None and (clear := shown(match[2])) is not None:
            return f"{match[1]} {clear}"
    return text


def _rank(text: str) -> tuple[str, list[tuple[int, str]]]:
    match = _RANKS.match(text)
    # Certificates and what nobody knows keep to the end, before the lines.
    return ((match.lastgroup or "") if match is not None else "ee"), natural(text)
