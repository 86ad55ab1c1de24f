"""Which of two gateways works, as keepalived decides."""

from __future__ import annotations

import os
import socket
from pathlib import Path

KEEPALIVED = Path("/run/keepalived.pid")
BOTH = Path("/run/fosa/both-work")
"""keepalived touches it whenever it hears the other gateway work beside this one."""
CEASED_S = 1.2
"""It says so twice a second: nothing for so long, and the other one has ceased."""


class Both:
    """The end of a time in which both gateways have worked."""

    def __init__(self) -> None:
        self.mark, self.heard_at = touched(BOTH), float("inf")

    def over(self, now: float) -> bool:
        """Whether it is over, said once."""
        mark = touched(BOTH)
        if mark != self.mark:
            self.mark, self.heard_at = mark, now
        ceased = now - self.heard_at >= CEASED_S
        if ceased:
            self.heard_at = float("inf")
        return ceased


def touched(file: Path) -> int:
    """When it was, in nanoseconds; 0: never."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def held(address: str) -> bool:
    """Whether an address is on this device."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((address, 0))
        except OSError:
            return False
    return True


def alive(number: Path) -> bool:
    """Whether the process whose number stands in a file lives."""
    try:
        os.kill(int(number.read_text(encoding="ascii")), 0)
    except (OSError, ValueError):
        return False
    return True
