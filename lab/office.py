"""Up, down, and what stands: the practice office for everybody who does not own it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Thread

from inventory.errors import LabError
from inventory.words import gettext as _
from inventory.words import language
from lab.claim import Claim, claim, owned
from lab.paths import LabPaths, Phase, Status, read_status, require_root
from lab.practice import enter_namespace
from lab.sweep import sweep, wipe

__all__ = ["device_command", "down", "host_command", "manager_command", "names", "shell_command", "status", "up"]

_BUILD_S = 120.0
_END_S = 20.0
_POLL_S = 0.05


def up(inventory: Path, name: str, state: Path, progress: Callable[[str], None] = lambda _step: None) -> Status:
    """Build a practice office from an inventory folder and leave it standing; its status once every gateway is up.

    Sweeps first what a killed owner left behind. Raises LabError when it is up already or cannot be built.
    """
    require_root()
    paths = LabPaths.of(name, state)
    if (ownership := claim(paths)) is None:
        raise LabError(_("lab {name} is up already; take it down with: fosa lab down --name {name}").format(name=name))
    try:
        sweep(paths)
        wipe(paths)
        keeper = _start_keeper(paths, inventory, ownership)
    finally:
        ownership.release()
    try:
        ready = _await_ready(paths, keeper, progress)
    except BaseException:
        # Not ready, and nobody waits any longer: an interrupt must not leave half an office behind.
        keeper.terminate()
        keeper.wait()
        raise
    # It outlives this process; while this one lives, somebody has to hear of its end.
    Thread(target=keeper.wait, daemon=True).start()
    return ready


def down(name: str, state: Path) -> bool:
    """Take a lab down, or sweep what is left of one; whether there was anything."""
    require_root()
    paths = LabPaths.of(name, state)
    if not paths.folder.exists():
        return False
    ownership = claim(paths)
    was_up = ownership is None
    if ownership is None:
        ownership = _end_keeper(paths)
    try:
        left = sweep(paths)
        found = was_up or left > 0 or len(list(paths.folder.iterdir())) > 1
        wipe(paths)
        paths.lock.unlink()
        paths.folder.rmdir()
    finally:
        ownership.release()
    return found


def status(name: str, state: Path) -> Status | None:
    """What a lab says about itself; None when no owner of it lives."""
    paths = LabPaths.of(name, state)
    return read_status(paths) if owned(paths) else None


def names(state: Path) -> tuple[str, ...]:
    """The labs that have a living owner."""
    folder = state / "labs"
    found = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    return tuple(name for name in found if owned(LabPaths.of(name, state)))


def manager_command(name: str, state: Path, argv: Sequence[str]) -> list[str]:
    """The command that runs a program of this machine as if on the manager's host: from there fosa works."""
    now = _standing(name, state)
    return host_command(name, state, now.manager, argv)


def host_command(name: str, state: Path, node: str, argv: Sequence[str]) -> list[str]:
    """The command that runs a program of this machine in the network of any node."""
    require_root()
    return enter_namespace(_standing(name, state).node(node).namespace, argv)


def device_command(name: str, state: Path, device: str, argv: Sequence[str]) -> list[str]:
    """The command that runs a program inside a device, as root at its console."""
    require_root()
    init = _standing(name, state).node(device).init
    if not init:
        raise LabError(_("{node} is no device, only a host on the network").format(node=device))
    from lab.device import enter_device

    return enter_device(init, argv)


def shell_command(name: str, state: Path, node: str) -> list[str]:
    """The command for a shell: inside the root of a device, or in the network of a host."""
    if _standing(name, state).node(node).init:
        return device_command(name, state, node, ["/bin/bash", "--norc", "-i"])
    return host_command(name, state, node, ["/bin/bash", "--norc", "-i"])


def _standing(name: str, state: Path) -> Status:
    now = status(name, state)
    if now is None or now.phase is not Phase.READY:
        raise LabError(_("lab {name} is not up; start it with: fosa lab up --name {name}").format(name=name))
    return now


def _start_keeper(paths: LabPaths, inventory: Path, ownership: Claim) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-m", "lab.keeper", paths.name, str(paths.state), str(inventory.absolute())]
    argv.append(language())
    argv += map(str, ownership.descriptors)
    with paths.log.open("ab") as log:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=ownership.descriptors,
            start_new_session=True,
            cwd="/",
        )


def _await_ready(paths: LabPaths, keeper: subprocess.Popen[bytes], progress: Callable[[str], None]) -> Status:
    limit = time.monotonic() + _BUILD_S
    told = ""
    while time.monotonic() < limit:
        ended = keeper.poll() is not None
        now = read_status(paths)
        if now is not None and now.step != told:
            told = now.step
            if now.phase is Phase.READY:
                return now
            if now.phase is Phase.FAILED:
                raise LabError(told)
            progress(told)
        if ended:
            raise LabError(_("the lab's keeper ended; see {log}").format(log=paths.log))
        time.sleep(_POLL_S)
    raise LabError(_("lab {name} is not ready after {n} seconds").format(name=paths.name, n=int(_BUILD_S)))


def _end_keeper(paths: LabPaths) -> Claim:
    """Tell the owner to end and take the lock over; kill it when it does not."""
    now = read_status(paths)
    for number in (signal.SIGTERM, signal.SIGKILL):
        if now is not None and _is_keeper(now.keeper, paths):
            os.kill(now.keeper, number)
        limit = time.monotonic() + _END_S
        while time.monotonic() < limit:
            if (ownership := claim(paths)) is not None:
                return ownership
            time.sleep(_POLL_S)
    raise LabError(_("lab {name} is held by a process that does not end").format(name=paths.name))


def _is_keeper(pid: int, paths: LabPaths) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"lab.keeper" in words and paths.name.encode() in words
