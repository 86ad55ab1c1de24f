"""The emulated AOS-CX switch: what it runs, what is saved, who may come in, what waits to be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from lab.devices.aruba_aoscx.config import Config, loaded
from lab.devices.boxed import Boxed
from lab.devices.mischief import matches
from lab.devices.timer import RevertTimer

__all__ = ["FACTORY", "Machine"]

FACTORY = (
    "hostname switch\nuser admin group administrators password ciphertext AQBapFactoryDefault=\nntp enable\n"
    "ssh server vrf default\nvlan 1\nspanning-tree\n"
    + "".join(f"interface 1/1/{port}\n    no shutdown\n    vlan access 1\n" for port in range(1, 29))
    + "interface vlan 1\n    ip dhcp\nhttps-server vrf default\n"
)
"""As a 6200F with 24 ports comes (running texts in Aruba's guides); the name is any. Its account has no password, and
nobody logs in to the emulated one with none."""
_CHECKPOINT = "checkpoint-"


@dataclass(slots=True)
class Machine(Boxed):
    """One of them."""

    config: Config = field(init=False)
    hashes: dict[str, str] = field(init=False)
    timer: RevertTimer = field(init=False)

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
        order = self.config.root.says("aaa authentication login default ") or ""
        if " group " in order and self.box.radius:
            return self.box.radius
        users = [node.text.split(" ") for node in self.config.root.below.values() if node.text.startswith("user ")]
        return {words[1]: self.hashes[words[-1]] for words in users if words[-1] in self.hashes}

    def shut(self) -> bool:
        """SSH is off in the VRF of the network, or something was done that shuts everybody out."""
        pattern = self.mischief.shuts_out
        shuts = bool(pattern) and any(matches(pattern, line.strip()) for line in self.config.text().split("\n"))
        return shuts or self.config.root.says("ssh server vrf default") is None

    def boot(self) -> None:
        """Begin again from what is saved; a timer does not outlive it."""
        self.timer.disarm()
        self.config = loaded(self.startup, self.hashes)

    # ---- What a session does -----------------------------------------------------------------------------------------

    @property
    def startup(self) -> str:
        """What it runs after a restart."""
        return self.box.saved or self.box.factory or FACTORY

    def text(self) -> str:
        """`show running-config`, without what stands above it."""
        text = self.config.text()
        return text.replace(f"hostname {self.config.hostname}\n", f"hostname {self.hostname}\n", 1)

    def arm(self, minutes: int) -> None:
        """`checkpoint auto`: take back what is done from now on, unless somebody confirms."""
        before = deepcopy(self.config)
        self.timer.arm(minutes * 60, lambda: self.put(before))

    def put(self, config: Config) -> None:
        """Run another configuration; who is in configuration mode goes on in it."""
        self.config.root.below = config.root.below
        self.config.banners, self.config.foreign = config.banners, config.foreign

    # ---- Checkpoints, on its disk ------------------------------------------------------------------------------------

    def checkpoints(self) -> Iterable[str]:
        """The names of those that somebody made."""
        return sorted(path.name.removeprefix(_CHECKPOINT) for path in self.box.disk.glob(f"{_CHECKPOINT}*"))

    def keep(self, name: str) -> None:
        """`copy running-config checkpoint`."""
        self._file(name).write_text(self.text(), encoding="utf-8")

    def erase(self, name: str) -> None:
        """`erase checkpoint`."""
        self._file(name).unlink(missing_ok=True)

    def kept(self, name: str) -> str | None:
        """The text of a checkpoint, or of what runs or is saved; None: there is none."""
        if name in {"running-config", "startup-config"}:
            return self.text() if name == "running-config" else self.startup
        file = self._file(name)
        return file.read_text(encoding="utf-8") if file.exists() else None

    def differences(self, one: str, other: str) -> list[str]:
        """As `diff -u` shows them."""
        return list(unified_diff(one.split("\n"), other.split("\n"), "/tmp/chkpt1", "/tmp/chkpt2", lineterm=""))  # noqa: S108

    def _file(self, name: str) -> Path:
        return self.box.disk / f"{_CHECKPOINT}{name}"
