"""The dead-man: a process on the device that takes a change back unless somebody confirms it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from .errors import GateError
from .journal import Journal
from .tools import drain, run

LAUNCHER = "/usr/local/lib/fosa/gate"
"""What day 0 installs to run this package on a device."""
UNIT = Path("/etc/systemd/system/fosa-deadman@.service")
SYSTEMD = Path("/run/systemd/system")


def start(token: str) -> bool:
    """Start `gate fire` so that this session can neither hold nor end it; true once it says that it sleeps."""
    if SYSTEMD.is_dir() and UNIT.exists() and run(["systemctl", "start", f"fosa-deadman@{token}"]).code == 0:
        return True
    return detached(token)


def detached(token: str) -> bool:
    """Start it as a session of its own: where systemd is not, or will not."""
    said, tells = os.pipe()
    subprocess.Popen(
        [sys.executable, "-IB", LAUNCHER, "fire", token], stdin=subprocess.DEVNULL,
        stdout=tells, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True,
    )  # fmt: skip
    os.close(tells)
    with contextlib.suppress(GateError):
        return drain([said], 64, time.monotonic() + 5)[0] == b"asleep"
    return False


def sleep(journal: Journal, token: str) -> bool:
    """Sleep until the time is over or the change is no longer armed; true when it must be taken back.

    The clock on the wall plays no part.
    """
    seconds = json.loads((journal.armed / token / "journal.json").read_text())["seconds"]
    until = time.monotonic() + seconds
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("-900")
    watch = journal.watch(token)
    journal.set_until(token, until)
    tell()
    become_two()
    while journal.is_armed(token) and time.monotonic() < until:
        time.sleep(min(0.5, max(0.0, until - time.monotonic())))
    # The lock of the watch is let go by the end of this process, and of its other half, only.
    return bool(watch) and (journal.is_armed(token) or journal.outcome(token) == "reverting")


def tell() -> None:
    """Say that it sleeps: to systemd, or to who started it."""
    if where := os.environ.pop("NOTIFY_SOCKET", ""):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.sendto(b"READY=1", where.replace("@", "\0", 1))
    else:
        os.write(1, b"asleep")
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)


def become_two() -> None:
    """Whichever of the two is killed, the other takes the change back."""
    other = os.fork()
    if other and os.waitpid(other, 0)[1] == 0:
        os._exit(0)
