"""What an emulated ArubaOS-Switch runs, and the text it shows of that: VLANs with lists of ports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lab.devices.hp_procurve.grammar import GRAMMAR
from lab.devices.hp_procurve.specials import Desk, spread
from lab.devices.lines import Editor, Node
from templates.hp_procurve.text import divided, listed, ports, unquoted
from templates.switch.indent import Block, blocks, numbered

__all__ = ["Config", "editor", "loaded"]

_ORDER = (
    "hostname", "module", "include-credentials", "encrypt-credentials", "console", "password minimum",
    "password non-plain", "logging", "no web-management", "web-management", "no telnet-server", "timesync", "ntp",
    "time", "no ip ssh", "ip ssh", "ip authorized", "ip default", "ip route", "interface", "snmp-server", "snmpv3",
    "aaa", "radius-server", "port-security", "vlan", "spanning-tree", "dhcp-snooping", "no dhcp-snooping",
    "arp-protect", "lldp", "banner", "no tftp", "no autorun", "no dhcp", "no cdp", "password",
)  # fmt: skip
"""As `show running-config` begins its parts; not verified on a device."""
_HELD = ("password manager", "password operator")
_MEMBER = ("untagged vlan ", "tagged vlan ")
_QUOTED = re.compile(
    r"(\b(?:hostname|name|community|user|user-name|key|key-value|encrypted-key|auth (?:md5|sha)|priv (?:des|aes)|"
    r'(?<=\w )sha1(?= [0-9a-f])|(?<=\w )sha256(?= [0-9a-f]))) ([^"\s]\S*)'
)
"""Names and keys are shown in quotes."""
_GATHERED = re.compile(r"(aaa port-access authenticator|lldp admin-status) (\d+)( .+)?")
_VLANS = re.compile(r"((?:dhcp-snooping|arp-protect) vlan) (\d+)")
_HEAD = (
    "; J9772A Configuration Editor; Created on release #YA.16.10.0023\n"
    "; Ver #14:27.6f.f8.1d.9b.3f.bf.bb.ef.7c.59.fc.6b.fb.9f.fc:44\n"
)


@dataclass(slots=True)
class Config:
    """All of it."""

    root: Node = field(default_factory=lambda: Node(""))
    banners: dict[str, tuple[str, ...]] = field(default_factory=dict)
    foreign: list[Block] = field(default_factory=list)
    """What no emulation knows: shown as it was written."""

    @property
    def hostname(self) -> str:
        """The model's name, unless it was given another."""
        said = self.root.says("hostname ")
        return said.split(" ")[1].strip('"') if said is not None else "HP-2530-48G"

    @property
    def interfaces(self) -> list[Node]:
        """Every port, by its number."""
        found = [node for node in self.root.below.values() if node.text.startswith("interface ")]
        return sorted(found, key=lambda node: int(node.text.split(" ")[1]))

    def text(self) -> str:
        """Everything below `Running configuration:`."""
        parts = [*self._global(), *self._ports(), *self._vlans()]
        for kind, lines in self.banners.items():
            message = "".join(f"{line}\\n" for line in lines)
            parts.append([f'banner {kind} "{message}"'])
        parts += [list(_written(block, 0)) for block in self.foreign]
        if self.root.says("include-credentials") is None:
            # Passwords are kept elsewhere: the text tells only that there is one.
            parts = [[part[0].split(" user-name")[0]] if part[0].startswith(_HELD) else part for part in parts]
        parts.sort(key=lambda part: _place(part[0]))
        return _HEAD + "".join(f"{_QUOTED.sub(_quote, line)}\n" for part in parts for line in part)

    def _global(self) -> Iterator[list[str]]:
        gathered: dict[tuple[str, str], list[str]] = {}
        vlans: dict[str, list[str]] = {}
        for node in self.root.below.values():
            if node.text.startswith(("interface ", "vlan ")):
                continue
            if (match := _GATHERED.fullmatch(node.text)) is not None:
                gathered.setdefault((match[1], match[3] or ""), []).append(match[2])
            elif (vlan := _VLANS.fullmatch(node.text)) is not None:
                vlans.setdefault(vlan[1], []).append(vlan[2])
            else:
                yield [node.text]
        for (stem, rest), names in gathered.items():
            yield [f"{stem} {listed(sorted(names, key=int))}{rest}"]
        for stem, found in vlans.items():
            yield [f"{stem} {listed(sorted(found, key=int)).replace(',', ' ')}"]

    def _ports(self) -> Iterator[list[str]]:
        for node in self.interfaces:
            said = [each.text for each in node.below.values() if not each.text.startswith(_MEMBER)]
            if said:
                yield [node.text, *(f"   {line}" for line in said), "   exit"]

    def _vlans(self) -> Iterator[list[str]]:
        for node in self.root.below.values():
            if not node.text.startswith("vlan "):
                continue
            number = node.text.split(" ")[1]
            lines = [f"   {each.text}" for each in node.below.values() if each.text.startswith("name ")]
            if number == "1" and (gone := self._members("untagged", "1", gone=True)):
                lines.append(f"   no untagged {gone}")
            for how in ("untagged", "tagged"):
                if found := self._members(how, number):
                    lines.append(f"   {how} {found}")
            lines += [f"   {each.text}" for each in node.below.values() if not each.text.startswith("name ")]
            if node.says("ip address") is None:
                lines.append("   no ip address")
            yield [node.text, *lines, "   exit"]

    def _members(self, how: str, number: str, *, gone: bool = False) -> str:
        line = f"{how} vlan {number}"
        found = [node for node in self.interfaces if (node.says(line) == line) is not gone]
        return listed([node.text.split(" ")[1] for node in found])


def editor(config: Config, hashes: dict[str, str]) -> Editor:
    """Somebody enters configuration mode."""
    return Editor(config.root, GRAMMAR, Desk(hashes))


def loaded(text: str, hashes: dict[str, str]) -> Config:
    """A whole text as a configuration. A line that is not known is kept as it is."""
    parted = divided(text)
    config = Config()
    top = blocks(numbered(parted.text, comments=";"))
    for name in sorted(_named(top), key=int):
        _there(config, Node(f"interface {name}", {("untagged",): Node("untagged vlan 1")}))
    _there(config, Node("vlan 1"))
    desk = editor(config, hashes)
    # The VLANs first: a port names some of them before they are made.
    for block in sorted(top, key=lambda each: not each.text.startswith("vlan ")):
        del desk.path[:]
        for line in spread(unquoted(block.text)):
            _enter(desk, config, Block(block.number, line, block.children))
    config.banners = {banner.kind: banner.lines for banner in parted.banners}
    return config


def _named(top: list[Block]) -> set[str]:
    """The ports a text tells of."""
    found: set[str] = set()
    for block in top:
        words = block.text.split(" ")
        if words[0] == "interface" and (names := ports(words[1])) is not None:
            found |= set(names)
        if words[0] == "vlan":
            for child in block.children:
                last = child.text.split(" ")[-1]
                if "tagged " in child.text and (names := ports(last)) is not None:
                    found |= set(names)
    return {name for name in found if name.isdecimal()}


def _enter(desk: Editor, config: Config, block: Block) -> None:
    """Nobody is in two modes below another one here."""
    if block.text in {"exit", *_HELD} or block.text.endswith("configuration:"):
        return
    if desk.enter(block.text) != "":
        config.foreign.append(block)
        return
    under = len(desk.path)
    for child in block.children:
        if child.text in {"exit", "no ip address"} or child.text.startswith("no untagged"):
            continue
        if desk.enter(unquoted(child.text)) != "" and desk.path:
            desk.path[-1][1][0].below[(child.text,)] = Node(child.text)
        del desk.path[under:]


def _there(config: Config, node: Node) -> None:
    """VLAN 1 and the ports are there before anybody says a word of them."""
    known = next(each for each in GRAMMAR[""][1] if each.whole.fullmatch(node.text) is not None)
    config.root.below[known.key(node.text)] = node


def _written(block: Block, depth: int) -> Iterator[str]:
    yield "   " * depth + block.text
    for child in block.children:
        yield from _written(child, depth + 1)


def _quote(match: re.Match[str]) -> str:
    return f'{match[1]} "{match[2]}"'


def _place(line: str) -> tuple[int, list[tuple[int, str]]]:
    found = [place for place, word in enumerate(_ORDER) if line.startswith(word)]
    natural = [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", line) if part]
    return (found[0] if found else len(_ORDER)), natural if line.startswith(("vlan", "interface")) else []
