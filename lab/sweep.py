"""Clears away what a lab left behind when its owner was killed."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

from inventory.errors import LabError
from inventory.words import gettext as _
from lab import namespace
from lab.paths import LabPaths

__all__ = ["processes_in", "sweep", "wipe"]

_PATIENCE_S = 5.0


def sweep(paths: LabPaths) -> int:
    """Kill every process in the lab's namespaces and remove these; how many namespaces there were.

    Only for the holder of the lab's lock: whoever has it knows that no owner lives.
    """
    names = namespace.existing(paths.prefix)
    limit = time.monotonic() + _PATIENCE_S
    while left := processes_in(names):
        if time.monotonic() > limit:
            raise LabError(_("processes of lab {name} do not end: {left}").format(name=paths.name, left=sorted(left)))
        for pid in left:
            _kill(pid)
        time.sleep(0.02)
    namespace.delete(names)
    return len(names)


def wipe(paths: LabPaths) -> None:
    """Remove the lab's files, all but the lock that is being held."""
    for entry in paths.folder.iterdir():
        if entry == paths.lock:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def processes_in(names: frozenset[str]) -> frozenset[int]:
    """The processes whose network is one of these namespaces."""
    wanted = set()
    for name in names:
        try:
            status = namespace.path(name).stat()
        except OSError:
            continue
        wanted.add((status.st_dev, status.st_ino))
    return frozenset(pid for pid in _processes() if _network(pid) in wanted) if wanted else frozenset()


def _processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _network(pid: int) -> tuple[int, int] | None:
    try:
        status = Path(f"/proc/{pid}/ns/net").stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
