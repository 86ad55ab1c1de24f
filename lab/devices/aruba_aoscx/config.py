"""What an emulated AOS-CX runs, and the text it shows of that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lab.devices.aruba_aoscx.grammar import GRAMMAR
from lab.devices.aruba_aoscx.specials import Desk, ranges
from lab.devices.lines import Editor, Node
from templates.aruba_aoscx.text import divided
from templates.switch.indent import Block, blocks, numbered

__all__ = ["Config", "editor", "loaded"]

_ORDER = (
    "hostname", "banner", "user", "cli-session", "password", "clock", "no lldp", "lldp", "logging", "ntp",
    "radius-server", "tacacs-server", "aaa", "access-list", "apply", "port-access", "dhcpv4-snooping", "ssh", "telnet",
    "snmp-server", "snmpv3", "vlan", "spanning-tree", "interface mgmt", "interface lag", "interface", "ip route",
    "https-server",
)  # fmt: skip
"""As `show running-config` begins its parts; not verified on a device."""
_OF_PORT = ("no shutdown", "description", "no routing", "routing", "lag", "vlan", "ip")
_PORT = re.compile(r"interface \d+/\d+/\d+")


@dataclass(slots=True)
class Config:
    """All of it."""

    root: Node = field(default_factory=lambda: Node(""))
    banners: dict[str, tuple[str, ...]] = field(default_factory=dict)
    foreign: list[Block] = field(default_factory=list)
    """What no emulation knows: shown as it was written."""

    @property
    def hostname(self) -> str:
        """`switch`, unless it was given another."""
        said = self.root.says("hostname ")
        return said.split(" ")[1] if said is not None else "switch"

    def text(self) -> str:
        """Everything below `Current configuration:`."""
        parts = [[node.text, *node.lines(4, 1)] for node in _sorted(self.root) if not _nameless(node)]
        nameless = {int(node.text[5:]) for node in self.root.below.values() if _nameless(node)}
        if nameless:
            parts.append([f"vlan {ranges(nameless)}"])
        parts += [[f"banner {kind} ^", *lines, "^"] for kind, lines in self.banners.items()]
        parts += [list(_written(block, 0)) for block in self.foreign]
        parts.sort(key=lambda part: _place(part[0]))
        head = "!\n!Version ArubaOS-CX FL.10.13.1000\n!export-password: default\n"
        return head + "".join(f"{line}\n" for part in parts for line in part) + "!\n"


def editor(config: Config, hashes: dict[str, str]) -> Editor:
    """Somebody enters configuration mode."""
    return Editor(config.root, GRAMMAR, Desk(hashes))


def loaded(text: str, hashes: dict[str, str]) -> Config:
    """A whole text as a configuration. A line that is not known is kept as it is."""
    parted = divided(text)
    config = Config()
    top = blocks(numbered(parted.text))
    for block in top:
        if _PORT.fullmatch(block.text) or block.text == "interface mgmt":
            config.root.below["interface", block.text] = Node(block.text)
    desk = editor(config, hashes)
    # The VLANs first: a text names some of them before it makes them.
    for block in sorted(top, key=lambda each: not each.text.startswith(("vlan ", "access-list "))):
        del desk.path[:]
        _enter(desk, config, block)
    config.banners = {banner.kind: banner.lines for banner in parted.banners}
    return config


def _enter(desk: Editor, config: Config, block: Block) -> None:
    depth = len(desk.path)
    if desk.enter(block.text) != "":
        if depth:
            for node in desk.path[-1][1]:
                node.below[(block.text,)] = Node(block.text)
        elif block.text != "exit":
            config.foreign.append(block)
        return
    under = len(desk.path)
    for child in block.children:
        if child.text != "exit":
            _enter(desk, config, child)
        del desk.path[under:]


def _written(block: Block, depth: int) -> list[str]:
    return ["    " * depth + block.text, *(line for child in block.children for line in _written(child, depth + 1))]


def _nameless(node: Node) -> bool:
    return node.text.startswith("vlan ") and not node.below


def _sorted(root: Node) -> list[Node]:
    for node in root.below.values():
        if node.text.startswith("interface "):
            node.below = dict(sorted(node.below.items(), key=lambda item: _first(item[1].text, _OF_PORT)))
        elif node.text.startswith("access-list "):
            node.below = dict(sorted(node.below.items(), key=lambda item: int(item[1].text.split(" ")[0])))
    return list(root.below.values())


def _first(text: str, known: tuple[str, ...]) -> int:
    return next((place for place, word in enumerate(known) if text.startswith(word)), len(known))


def _place(line: str) -> tuple[int, list[tuple[int, str]]]:
    place = _first(line, _ORDER)
    if not line.startswith(("interface", "vlan")):
        return place, []
    return place, [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", line) if part]
