"""The emulated ArubaOS-Switch: what it runs, what is saved, who may come in, when it restarts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lab.devices.boxed import Boxed
from lab.devices.hp_procurve.config import Config, loaded
from lab.devices.mischief import matches
from lab.devices.timer import RevertTimer

__all__ = ["FACTORY", "Machine"]

FACTORY = (
    '; J9772A Configuration Editor; Created on release #YA.16.10.0023\nhostname "HP-2530-48G"\n'
    'snmp-server community "public" unrestricted\nvlan 1\n   name "DEFAULT_VLAN"\n   untagged 1-52\n'
    "   ip address dhcp-bootp\n   exit\n"
)
"""As a 2530-48G comes; from general knowledge, not verified on a device. Nobody can log in to it yet."""
_PASSWORD = re.compile(
    r'password (?P<kind>manager|operator)(?: user-name "?(?P<user>[^"\s]+)"?)? \S+ "?(?P<hash>[^"\s]+)"?'
)


@dataclass(slots=True)
class Machine(Boxed):
    """One of them."""

    config: Config = field(init=False)
    hashes: dict[str, str] = field(init=False)
    timer: RevertTimer = field(init=False)
    started: int = field(init=False, default=0)
    """How often it has: a session from before has ended."""

    def __post_init__(self) -> None:
        self.hashes = dict(self.box.hashes)
        self.timer = RevertTimer(scale=self.box.minute_s / 60)
        self.config = loaded(self.startup, self.hashes)

    @property
    def hostname(self) -> str:
        """What it calls itself."""
        return self.mischief.name or self.config.hostname

    @property
    def accounts(self) -> Mapping[str, str]:
        """RADIUS is asked first, where it is asked at all; only without its answer the local users count."""
        order = self.config.root.says("aaa authentication ssh login ") or ""
        if "radius" in order and self.box.radius:
            return self.box.radius
        return {name: password for name, (_, password) in self._local().items()}

    @property
    def manager(self) -> str | None:
        """The password of the manager's mode, None where there is none."""
        return next((password for kind, password in self._local().values() if kind == "manager"), None)

    def privileged(self, user: str) -> bool:
        """Whether somebody begins in the manager's mode: everybody, while that has no password.

        Of those RADIUS knows, who it says so of (`aaa authentication login privilege-mode`).
        """
        kind, _ = self._local().get(user, ("", ""))
        asked = not kind and self.config.root.says("aaa authentication login privilege-mode") is not None
        return self.manager is None or kind == "manager" or asked

    def shut(self) -> bool:
        """SSH is off, or something was done that shuts everybody out."""
        pattern = self.mischief.shuts_out
        shuts = bool(pattern) and any(matches(pattern, line.strip()) for line in self.config.text().split("\n"))
        return shuts or self.config.root.says("no ip ssh") == "no ip ssh"

    def boot(self) -> None:
        """Begin again from what is saved; a planned restart is over with it."""
        self.timer.disarm()
        self.started += 1
        self.config = loaded(self.startup, self.hashes)

    # ---- What a session does -----------------------------------------------------------------------------------------

    @property
    def startup(self) -> str:
        """What it runs after a restart."""
        return self.box.saved or self.box.factory or FACTORY

    def text(self) -> str:
        """`show running-config`, without what stands above it."""
        return self.config.text().replace(f'hostname "{self.config.hostname}"', f'hostname "{self.hostname}"', 1)

    def plan(self, minutes: int) -> None:
        """`reload after`: restart from what is saved, whoever is logged in."""
        self.timer.arm(minutes * 60, self.boot)

    def _local(self) -> dict[str, tuple[str, str]]:
        """Name -> whose mode, password."""
        found = (_PASSWORD.match(node.text) for node in self.config.root.below.values())
        return {
            match["user"] or match["kind"]: (match["kind"], self.hashes[match["hash"]])
            for match in found
            if match is not None and match["hash"] in self.hashes
        }
