"""One line about what was asked and what came of it."""

from __future__ import annotations

import contextlib
import sys
import syslog
from pathlib import Path


def log(text: str) -> None:
    """One line to the log of authentication, or to stderr where there is no log."""
    if Path("/dev/log").exists():
        syslog.openlog("fosa-gate", syslog.LOG_PID, syslog.LOG_AUTH)
        syslog.syslog(syslog.LOG_NOTICE, text)
    else:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"fosa-gate: {text}\n")
