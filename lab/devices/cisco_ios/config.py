"""What an emulated IOS runs: its lines as they are kept, and the text it shows of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lab.devices.cisco_ios.grammar import ORDER

__all__ = ["Config", "Node", "numbers", "ranges"]

_ORDER = (
    "version", "no service", "service", "hostname", "boot", "logging buffered", "logging userinfo", "enable",
    "username", "aaa", "system", "switch ", "no ip source", "no ip grat", "no ip domain", "ip domain", "ip dhcp",
    "no ip dhcp", "ip arp", "login", "no vstack", "vtp", "crypto", "archive", "file", "spanning-tree", "dot1x", "vlan",
    "lldp", "no cdp", "interface", "ip default", "no ip http", "ip http", "ip ssh", "ip scp", "ip access-list",
    "logging", "snmp-server", "radius", "tacacs", "banner", "line", "ntp",
)  # fmt: skip
"""As `show running-config` begins its parts; not verified on a device."""
_PHYSICAL = re.compile(r"interface (?!Vlan|Port-channel|Loopback)")
_SHOWN_AT_ONCE = 20


@dataclass(slots=True)
class Node:
    """A line, and what stands under it by the key of its command."""

    text: str
    mode: str = ""
    """Of what stands under it."""
    below: dict[tuple[str, ...], Node] = field(default_factory=dict)
    numbers: set[int] = field(default_factory=set)
    """Of a command that shows all its numbers together; the text is what stands before them."""

    @property
    def physical(self) -> bool:
        """Whether it is a port: nobody can take it away."""
        return _PHYSICAL.match(self.text) is not None

    def says(self, *texts: str) -> bool:
        """Whether one of these stands under it."""
        return any(node.text in texts for node in self.below.values())

    def lines(self, depth: int = 0) -> Iterator[str]:
        """As they are shown."""
        known = (
            sorted(self.below, key=lambda key: ORDER.get((self.mode, key[0]), len(ORDER))) if self.mode else self.below
        )
        for node in (self.below[key] for key in known):
            if not node.numbers:
                yield " " * depth + node.text
            elif node.text.startswith("switchport"):
                yield from (" " * depth + line for line in _allowed(node))
            else:
                yield f"{' ' * depth}{node.text} {ranges(node.numbers)}"
            yield from node.lines(depth + 1)


@dataclass(slots=True)
class Config:
    """All of it."""

    root: Node = field(default_factory=lambda: Node(""))
    terminals: dict[int, Node] = field(default_factory=lambda: {number: Node("", "line") for number in range(16)})
    banners: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, *texts: str) -> Node | None:
        """The first outermost line that begins with one of these."""
        return next((node for node in self.root.below.values() if node.text.startswith(texts)), None)

    def all(self, beginning: str) -> list[Node]:
        """The outermost lines that begin so."""
        return [node for node in self.root.below.values() if node.text.startswith(beginning)]

    @property
    def hostname(self) -> str:
        """`Switch`, unless it was given another."""
        node = self.find("hostname ")
        return node.text.split(" ")[1] if node is not None else "Switch"

    def text(self) -> str:
        """From `version` to `end`."""
        blocks = [list(block) for block in self._blocks()]
        blocks.sort(key=lambda block: _place(block[0]))
        return "".join(f"{line}\n" for block in blocks for line in (*block, "!")) + "end\n"

    def _blocks(self) -> Iterator[list[str]]:
        # Of a VTP server and its clients the VLANs are kept in vlan.dat and not shown (Cisco, VTP configuration guide).
        shown = any(node.text in {"vtp mode transparent", "vtp mode off"} for node in self.root.below.values())
        nameless = {int(node.text[5:]) for node in self.all("vlan ") if not node.below and node.text[5:].isdigit()}
        if nameless and shown:
            yield [f"vlan {ranges(nameless)}"]
        for node in self.root.below.values():
            if not node.text.startswith("vlan ") or not node.text[5:].isdigit() or (shown and node.below):
                alone = Node("", below={(node.text,): node})
                yield list(alone.lines())
        for kind, lines in self.banners.items():
            yield [f"banner {kind} ^C", *lines, "^C"]
        yield from self._lines()

    def _lines(self) -> Iterator[list[str]]:
        groups: list[list[int]] = []
        for number in sorted(self.terminals):
            said = list(self.terminals[number].lines())
            alike = bool(groups) and groups[-1][-1] == number - 1 and said == list(
                self.terminals[groups[-1][-1]].lines()
            )  # fmt: skip
            if alike and number not in {5, 16}:
                groups[-1].append(number)
            else:
                groups.append([number])
        for group in groups:
            name = f"line vty {group[0]}" + (f" {group[-1]}" if len(group) > 1 else "")
            yield [name, *self.terminals[group[0]].lines(1)]


def numbers(text: str) -> set[int]:
    """`10,20-22`."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def ranges(found: set[int]) -> str:
    """The same back; two neighbours are no range (`10,11`)."""
    said: list[list[int]] = []
    for number in sorted(found):
        if said and said[-1][1] == number - 1:
            said[-1][1] = number
        else:
            said.append([number, number])
    return ",".join(
        ",".join(map(str, range(first, last + 1))) if last - first < 2 else f"{first}-{last}" for first, last in said
    )


def _allowed(node: Node) -> Iterator[str]:
    parts = ranges(node.numbers).split(",")
    for at in range(0, len(parts), _SHOWN_AT_ONCE):
        yield f"{node.text} {'add ' if at else ''}{','.join(parts[at : at + _SHOWN_AT_ONCE])}"


def _place(line: str) -> tuple[int, list[tuple[int, str]]]:
    place = next((number for number, word in enumerate(_ORDER) if line.startswith(word)), _ORDER.index("crypto"))
    if not line.startswith(("interface", "vlan", "line")):
        return place, []
    return place, [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", line) if part]
