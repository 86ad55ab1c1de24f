"""The emulated IOS switch as a whole: what it runs, what is saved, who may come in, what waits to be taken back."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

import asyncssh

from lab.devices.box import Box
from lab.devices.cisco_ios.config import Config, Node
from lab.devices.cisco_ios.console import IosConsole
from lab.devices.cisco_ios.desk import Desk
from lab.devices.cisco_ios.editor import Editor
from lab.devices.cisco_ios.files import Files, flash_of
from lab.devices.mischief import Mischief, matches
from lab.devices.shell import Console
from lab.devices.timer import RevertTimer
from templates.cisco_ios.banner import divided
from templates.cisco_ios.seven import shown
from templates.switch.indent import Block, blocks, numbered

__all__ = ["FACTORY", "Ios", "loaded"]

FACTORY = (
    "version 15.2\nno service pad\nservice timestamps debug datetime msec\nservice timestamps log datetime msec\n"
    "no service password-encryption\nhostname Switch\nno aaa new-model\nspanning-tree mode pvst\n"
    "spanning-tree extend system-id\nvlan internal allocation policy ascending\n"
    + "".join(f"interface GigabitEthernet1/0/{port}\n" for port in range(1, 53))
    + "interface Vlan1\n no ip address\n shutdown\nip http server\nip http secure-server\nline con 0\nline vty 0 4\n"
    " login\nline vty 5 15\n login\nend\n"
)
"""As a Catalyst 2960-X comes; from general knowledge, not verified on a device. Nobody can log in to it yet."""
_SECRET = re.compile(r"(?:username (?P<user>\S+)|enable).* (?P<kind>secret|password) (?P<type>\d+) (?P<word>\S+)")


@dataclass(slots=True)
class Ios:
    """One of them."""

    box: Box
    config: Config = field(init=False)
    snmp: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(init=False)
    timer: RevertTimer = field(init=False)

    def __post_init__(self) -> None:
        self.hashes = dict(self.box.hashes)
        self.timer = RevertTimer(scale=self.box.minute_s / 60)
        self.config = self._first()

    @property
    def mischief(self) -> Mischief:
        """What it does wrong."""
        return self.box.mischief

    @mischief.setter
    def mischief(self, value: Mischief) -> None:
        self.box.mischief = value

    @property
    def hostname(self) -> str:
        """What it calls itself."""
        return self.mischief.name or self.config.hostname

    def files(self) -> type[asyncssh.SFTPServer] | None:
        """SCP. That it must have been switched on (Cisco, `ip scp server enable`) NAPALM asks for itself."""
        return flash_of(self.disk)

    @property
    def disk(self) -> Files:
        """Its file systems."""
        return Files(self.box, self.text)

    @property
    def accounts(self) -> Mapping[str, str]:
        """RADIUS is asked first, where it is asked at all; only without its answer the local users count."""
        asked = any(node.text.startswith("aaa authentication login default group") for node in self._aaa())
        if asked and self.box.radius:
            return self.box.radius
        found = (_SECRET.match(node.text) for node in self.config.all("username "))
        known = {match["user"]: self._clear(match) for match in found if match is not None}
        return {name: password for name, password in known.items() if password is not None}

    @property
    def enable(self) -> str | None:
        """The password of the privileged mode, None where there is none."""
        found = [match for node in self.config.all("enable ") if (match := _SECRET.match(node.text)) is not None]
        found.sort(key=lambda match: match["kind"] != "secret")
        return self._clear(found[0]) if found else None

    def privileged(self, user: str) -> bool:
        """Whether somebody begins in the privileged mode; RADIUS is taken to say so of everybody."""
        node = next(iter(self.config.all(f"username {user} ")), None)
        if node is not None:
            return "privilege 15" in node.text
        return user in self.box.radius

    def console(self, user: str) -> Console:
        """A session."""
        return IosConsole(self, user)

    def shut(self) -> bool:
        """No terminal takes SSH, or something was done that shuts everybody out."""
        text = self.config.text()
        if any(matches(self.mischief.shuts_out, line.strip()) for line in text.split("\n")):
            return True
        said = [
            child.text for node in self.config.terminals.values() for child in node.below.values()
            if child.text.startswith("transport input ")
        ]  # fmt: skip
        return len(said) == len(self.config.terminals) and not any(re.search(r" (?:ssh|all)\b", each) for each in said)

    def boot(self) -> None:
        """Begin again from what is saved; a timer does not outlive it (Cisco, configuration rollback)."""
        self.timer.disarm()
        self.config = self._first()

    def subsystem(self, name: str) -> Callable[[asyncssh.SSHServerProcess[str]], Awaitable[None]] | None:  # noqa: ARG002
        """It has none."""
        return None

    # ---- What a session does -----------------------------------------------------------------------------------------

    def text(self) -> str:
        """`show running-config`, without what stands above it."""
        text = self.config.text()
        return re.sub(r"^hostname .*", f"hostname {self.hostname}", text, flags=re.MULTILINE)

    def desk(self) -> Desk:
        """For somebody who enters configuration mode."""
        return Desk(self.config, self.hashes, self.snmp)

    def replace(self, text: str) -> list[str]:
        """Run a text and nothing else; the lines that were bad. Users of SNMP stay, which no text shows."""
        config, bad = loaded(text, self.hashes, self.snmp)
        if not bad:
            for key, node in self.config.root.below.items():
                if node.physical:
                    config.root.below.setdefault(key, Node(node.text, "interface"))
            self.config.root, self.config.terminals = config.root, config.terminals
            self.config.banners = config.banners
        return bad

    def arm(self, minutes: int, user: str) -> None:
        """Take back what is done from now on, unless somebody confirms."""
        before = deepcopy(self.config)

        def back() -> None:
            self.config.root, self.config.terminals = before.root, before.terminals
            self.config.banners = before.banners

        self.timer.arm(minutes * 60, back, user)

    def save(self) -> None:
        """`write memory`."""
        self.box.save(self.text())

    @property
    def archives(self) -> bool:
        """Whether it knows where to keep copies: without them nothing is ever taken back (Cisco, `archive`)."""
        node = self.config.find("archive")
        return node is not None and any(child.text.startswith("path ") for child in node.below.values())

    def _first(self) -> Config:
        config, _ = loaded(self.box.saved or self.box.factory or FACTORY, self.hashes, self.snmp, lenient=True)
        return config

    def _aaa(self) -> list[Node]:
        return self.config.all("aaa ")

    def _clear(self, match: re.Match[str]) -> str | None:
        if match["kind"] == "secret":
            return self.hashes.get(match["word"])
        return shown(match["word"]) if match["type"] == "7" else match["word"]


def loaded(
    text: str, hashes: dict[str, str], snmp: dict[str, str], *, lenient: bool = False
) -> tuple[Config, list[str]]:
    """A whole text as a configuration, and the lines that are bad. Lenient: they are kept as they are.

    Lines no emulation knows (`version`, certificates...) are no bad ones.
    """
    parted = divided(text)
    top = blocks(numbered(parted.text))
    config = Config()
    _ports(config, top)
    bad: list[str] = []
    for block in top:
        if block.text != "end":
            # A line of its own each: a text is not typed, its indentation says what stands under what.
            _enter(Editor(Desk(config, hashes, snmp)), block, bad, lenient=lenient)
    for banner in parted.banners:
        config.banners[banner.kind] = banner.lines
    return config, bad


_FOREIGN = re.compile(
    r"version |boot|crypto |certificate |switch |system |platform |license |vlan (?:internal|access|dot1q)|power |"
    r"diagnostic |redundancy|transceiver |class-map|policy-map|errdisable |mac |macro |ip (?:routing|forward|cef|tftp)|"
    r"no ip (?:routing|cef)|control-plane|clock |call-home|qos |mls |device-tracking|memory |no platform"
)


def _ports(config: Config, top: list[Block]) -> None:
    for block in top:
        if block.text.startswith("interface "):
            config.root.below[(block.text,)] = Node(block.text, "interface")


def _enter(editor: Editor, block: Block, bad: list[str], *, lenient: bool) -> None:
    said = editor.enter(block.text)
    if editor.asks:
        said = editor.enter("")
    if said and not said.startswith("Enter TEXT"):
        if lenient or _FOREIGN.match(block.text):
            for node in editor.desk.path[-1][1] if editor.desk.path else [editor.desk.config.root]:
                _keep(node.below, block)
            return
        bad.append(block.text)
        return
    depth = len(editor.desk.path)
    for child in block.children:
        _enter(editor, child, bad, lenient=lenient)
        del editor.desk.path[depth:]


def _keep(below: dict[tuple[str, ...], Node], block: Block) -> None:
    node = below.setdefault((block.text,), Node(block.text))
    for child in block.children:
        _keep(node.below, child)
