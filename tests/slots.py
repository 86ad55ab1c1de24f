"""A number no other test process on the machine has, so that labs of several never bear the same name."""

from __future__ import annotations

import functools
import socket

__all__ = ["lab_name"]


def lab_name(kind: str) -> str:
    """A name for a lab of this process, from at most five letters.

    The next process to get the number sweeps what a killed one left behind.
    """
    return f"t{kind}{_taken()[0]}"


@functools.cache
def _taken() -> tuple[int, socket.socket]:
    """The lowest free number, held by a name that is no file and ends with the process."""
    for number in range(100):
        held = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            held.bind(f"\0fosa-tests-{number}")
        except OSError:
            held.close()
            continue
        return number, held
    raise LookupError("a hundred test processes hold every name of a lab")
