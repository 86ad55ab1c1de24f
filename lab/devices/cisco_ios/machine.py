"""The inside of the emulated IOS switch: what it runs, what is saved, who is who, what waits to be taken back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from lab.devices.boxed import Boxed
from lab.devices.cisco_ios.config import Config, Node
from lab.devices.cisco_ios.desk import Desk
from lab.devices.cisco_ios.files import Files
from lab.devices.cisco_ios.load import loaded
from lab.devices.mischief import matches
from lab.devices.timer import RevertTimer
from templates.cisco_ios.seven import shown

__all__ = ["FACTORY", "Machine"]

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
class Machine(Boxed):
    """One of them."""

    config: Config = field(init=False)
    snmp: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(init=False)
    timer: RevertTimer = field(init=False)

    def __post_init__(self) -> None:
        self.hashes = dict(self.box.hashes)
        self.timer = RevertTimer(scale=self.box.minute_s / 60)
        self.config = self._first()

    @property
    def hostname(self) -> str:
        """What it calls itself."""
        return self.mischief.name or self.config.hostname

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
