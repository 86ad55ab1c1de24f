"""Having whoever serves read the inventory anew, from the command line that has just written it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from api.cli.office import settings
from api.serve.lock import owner
from api.serve.place import Place

__all__ = ["renew"]

_UNIT = "fosa-watch.service"
"""It holds the place where systemd runs the parts: there is no supervisor to hang up on."""


def renew() -> bool:
    """False where nobody serves, where this account may not, or where the inventory cannot be read: nothing is told."""
    pid = owner(Place.of(settings().state))
    if pid is None:
        return False
    try:
        if _UNIT in Path(f"/proc/{pid}/cgroup").read_text(encoding="utf-8"):
            return _reloaded()
        os.kill(pid, signal.SIGHUP)
    except (PermissionError, ProcessLookupError, FileNotFoundError):
        return False
    return True


def _reloaded() -> bool:
    command = shutil.which("systemctl") or "/usr/bin/systemctl"
    done = subprocess.run([command, "--no-ask-password", "reload", "fosa-work"], capture_output=True, check=False)
    return done.returncode == 0
