"""A device: its own root, processes and name under one init, in its network namespace."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from inventory.errors import LabError
from inventory.words import gettext as _
from lab import namespace
from lab.root import Disk

__all__ = ["Device", "Plant", "enter_device"]

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ENVIRONMENT = {"PATH": _PATH, "LANG": "C.UTF-8", "HOME": "/root"}
_START_S = 20.0
# What reaches past every namespace: the machine's clock, modules, power and ports.
_WITHHOLD = "--bounding-set=-sys_time,-sys_module,-sys_boot,-sys_rawio"


@dataclass(frozen=True, slots=True)
class Plant:
    """What all devices of a lab are built from."""

    enter: Path
    layers: str


@dataclass(slots=True)
class Device:
    """A device of the lab. The process that starts it owns it: with that process it dies."""

    name: str
    namespace: str
    interfaces: tuple[str, ...]
    disk: Disk
    plant: Plant
    _keeper: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _init: int = 0
    _said: int = 0
    """How much its console had said when it was last switched on."""

    @property
    def init(self) -> int:
        """The machine's number of the device's first process; LabError when the device is off."""
        if self._keeper is None or self._keeper.poll() is not None or not self._init:
            raise LabError(_("{device} is off").format(device=self.name))
        return self._init

    @property
    def on(self) -> bool:
        """Whether its first process lives."""
        return self._keeper is not None and self._keeper.poll() is None

    def begin(self) -> None:
        """Switch the device on; call it from the main thread. It boots by itself: `wait` for it."""
        chain = [
            *("setpriv", "--pdeathsig", "KILL", _WITHHOLD),
            *("nsenter", f"--net={namespace.path(self.namespace)}"),
            *("unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child=KILL"),
            *("/bin/sh", str(self.plant.enter), str(self.disk.folder), self.plant.layers, self.name),
        ]
        with self.disk.log.open("ab") as log:
            self._said = log.tell()
            self._keeper = subprocess.Popen(
                chain, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=_ENVIRONMENT, start_new_session=True
            )

    def wait(self) -> None:
        """Wait until the device has booted; LabError with the end of its console when it does not."""
        limit = time.monotonic() + _START_S
        while not self._booted():
            if not self.on or time.monotonic() > limit:
                raise LabError(_("{device} does not start: {why}").format(device=self.name, why=self._last_words()))
            time.sleep(0.01)

    def start(self) -> None:
        """Switch the device on and wait until it has booted."""
        self.begin()
        self.wait()

    def power_cut(self) -> None:
        """Take the power away: every process of the device is gone, what was not on its disk is lost."""
        self.destroy()
        lines = (line for name in self.interfaces for line in (f"link set {name} down", f"addr flush dev {name}"))
        namespace.batch(lines, self.namespace)

    def destroy(self) -> None:
        """Kill every process of the device, whatever state it is in."""
        if self._keeper is not None:
            # With the init everything in its PID namespace is gone before its parent hears of it and ends too.
            init = self._init or self._find_init()
            if init and self.on:
                os.kill(init, signal.SIGKILL)
            else:
                self._keeper.kill()
            self._keeper.wait()
        self._keeper, self._init = None, 0

    def enter(self, argv: Sequence[str]) -> list[str]:
        """The command that runs a program inside the device."""
        return enter_device(self.init, argv)

    def run(
        self, argv: Sequence[str], *, text: str = "", environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside the device, as root, with `text` as its input; the exit code is the caller's matter."""
        return subprocess.run(
            self.enter(argv),
            input=text,
            capture_output=True,
            text=True,
            check=False,
            env={**_ENVIRONMENT, **(environment or {})},
        )

    def must(self, argv: Sequence[str], *, text: str = "") -> str:
        """What a program inside the device writes; LabError when it fails."""
        done = self.run(argv, text=text)
        if done.returncode:
            why = (done.stderr or done.stdout).strip()
            raise LabError(_("{device}: {what}: {why}").format(device=self.name, what=" ".join(argv), why=why))
        return done.stdout

    def _booted(self) -> bool:
        if not self._init:
            self._init = self._find_init()
        return bool(self._init) and Path(f"/proc/{self._init}/root/run/fosa-lab/ready").exists()

    def _find_init(self) -> int:
        assert self._keeper is not None  # noqa: S101  only asked for after begin
        pid = self._keeper.pid
        try:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            return 0
        return int(children[0]) if children else 0

    def _last_words(self) -> str:
        try:
            return self.disk.log.read_bytes()[self._said :].decode(errors="replace").strip()[-600:] or _(
                "it said nothing"
            )
        except OSError as error:
            return str(error)


def enter_device(init: int, argv: Sequence[str]) -> list[str]:
    """The command that runs a program inside the device with this first process."""
    kinds = ("--mount", "--net", "--pid", "--uts", "--ipc", "--root", "--wd")
    return ["setpriv", _WITHHOLD, "nsenter", f"--target={init}", *kinds, *argv]
