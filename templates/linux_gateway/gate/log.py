"""One line about what was asked and what came of it."""

from __future__ import annotations

import contextlib
import sys
import syslog
import time
from pathlib import Path

LINES_A_MINUTE = 20


def log(text: str) -> None:
    """One line to the log of authentication, or to stderr where there is no log."""
    if Path("/dev/log").exists():
        syslog.openlog("fosa-gate", syslog.LOG_PID, syslog.LOG_AUTH)
        syslog.syslog(syslog.LOG_NOTICE, text)
    else:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"fosa-gate: {text}\n")


class Seldom:
    """Logs what a stream refuses: so many lines a minute, then only how many more there were."""

    def __init__(self, words: str) -> None:
        self.words, self.begun, self.lines = words, time.monotonic(), 0

    def __enter__(self) -> Seldom:
        return self

    def __exit__(self, *_: object) -> None:
        self.count()

    def say(self, text: str) -> None:
        """One line, or one more that is only counted."""
        if time.monotonic() - self.begun >= 60:
            self.count()
            self.begun, self.lines = time.monotonic(), 0
        self.lines += 1
        if self.lines <= LINES_A_MINUTE:
            log(f"{self.words}: {text}")

    def count(self) -> None:
        """Say how many lines were kept back."""
        if self.lines > LINES_A_MINUTE:
            log(f"{self.words}: {self.lines - LINES_A_MINUTE} more refused within a minute")
