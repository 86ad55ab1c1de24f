"""Faults of what an armed change stands on: a gateway's daemons and its power, the manager's files and its disk."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from changing import during
from office_change import DEVICES, Office, office
from powering import power_cut
from standing import NAME, STATE, console
from table import Row

from inventory.course import Step
from lab.paths import LabPaths

__all__ = ["ROWS"]

_PROGRAMS = {"ssh": "sshd", "strongswan": "charon-systemd"}


def _daemon(unit: str, away_s: float) -> Callable[[Office], None]:
    """Killed, and started again as systemd would, only later."""

    def fault(_here: Office) -> None:
        console(DEVICES[0], "pkill", "-KILL", "-x", _PROGRAMS[unit])
        time.sleep(away_s)
        console(DEVICES[0], "systemctl", "start", unit)

    return fault


def _power(_here: Office) -> None:
    power_cut(DEVICES[0])


def _read_only(here: Office) -> None:
    """Nobody's but root's, and the work is killed: what it had open would still be written to."""
    folder = here.state / "ledger"
    before = {path: path.stat() for path in (folder, *folder.iterdir())}
    for path, was in before.items():
        os.chown(path, 0, was.st_gid)
        path.chmod(0o550 if path == folder else 0o440)
    os.kill(here.there.part("worker"), signal.SIGKILL)
    time.sleep(10)
    for path, was in before.items():
        with contextlib.suppress(FileNotFoundError):
            os.chown(path, was.st_uid, was.st_gid)
            path.chmod(was.st_mode & 0o7777)


@contextlib.contextmanager
def _small(*folders: Path) -> Iterator[None]:
    """Folders with little room of their own."""
    for folder in folders:
        folder.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        for folder in folders:
            subprocess.run(["umount", str(folder)], check=True)


def _manager_full() -> str:
    """The ledger, the engine and the archive: no room is left while the gateways are armed."""
    state = LabPaths.of(NAME, STATE).folder
    folders = (state / "ledger", state / "work")

    def fault(_here: Office) -> None:
        for folder in folders:
            with contextlib.suppress(OSError):
                (folder / "ballast").write_bytes(bytes(32 << 20))
        time.sleep(10)
        for folder in folders:
            (folder / "ballast").unlink()

    # The office is built first: it makes the state folder anew.
    with office():
        pass
    with _small(*folders):
        return during(Step.VERIFY, fault)


ROWS = (
    Row("sshd killed while armed", lambda: during(Step.VERIFY, _daemon("ssh", 1.0))),
    Row("sshd gone for longer than anybody waits", lambda: during(Step.VERIFY, _daemon("ssh", 75.0))),
    Row("charon killed while armed", lambda: during(Step.VERIFY, _daemon("strongswan", 1.0))),
    Row("the gateway's power cut while armed", lambda: during(Step.VERIFY, _power)),
    Row("the ledger read-only and back", lambda: during(Step.VERIFY, _read_only)),
    Row("no room on the manager", _manager_full),
)
