"""A number no other test process on the machine has, so that several never use the same lab's name or the same port."""

from __future__ import annotations

import functools
import itertools
import socket

__all__ = ["free_port", "lab_name"]

# Below the ports that the kernel gives to whoever asks for any (32768 and up): one that is free now stays free.
_PORTS, _EACH = 20_000, 100
_turns = itertools.count()


def lab_name(kind: str) -> str:
    """A name for a lab of this process, from at most five letters.

    The next process to get the number sweeps what a killed one left behind.
    """
    return f"t{kind}{_taken()[0]}"


def free_port() -> int:
    """A loopback port that nobody listens at, and that no other test process will be given."""
    for _ in range(_EACH):
        port = _PORTS + _taken()[0] * _EACH + next(_turns) % _EACH
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                free.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise LookupError(f"all ports of this test process are taken, {_EACH} of them")


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
