"""The process the emulated switches are forked from: what they need is imported once.

    python -m lab.switches.nursery

Reads orders on its input, answers on its output, and ends, with every switch, when its input does.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import signal
import sys

import asyncssh
from pydantic import TypeAdapter

from lab import namespace
from lab.devices.box import Box
from lab.devices.platforms import EMULATED
from lab.devices.serve import Server
from lab.switches.order import HOST_KEY, Answer, On, orders

__all__ = ["main"]

_PR_SET_PDEATHSIG = 1
_ANSWER = TypeAdapter(Answer)


def main() -> int:
    """Until nobody orders any more."""
    switches: dict[str, int] = {}
    for line in sys.stdin:
        order = orders.validate_json(line)
        if isinstance(order, On):
            _kill(switches.pop(order.name, 0))
            switches[order.name] = _forked(order)
        else:
            _kill(switches.pop(order.name, 0))
            _say(Answer(order.name))
    for pid in switches.values():
        _kill(pid)
    return 0


def _forked(order: On) -> int:
    gc.freeze()
    parent = os.getpid()
    if pid := os.fork():
        return pid
    try:
        _run(order, parent)
    except Exception as error:  # noqa: BLE001  whoever waits for this switch must hear why it does not start
        _say(Answer(order.name, why=f"{type(error).__name__}: {error}"))
    # Not by way of the parent's `finally` and `atexit`.
    os._exit(1)


def _run(order: On, parent: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        return
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.dup2(descriptor, sys.stdin.fileno())
    namespace.enter(namespace.path(order.namespace))
    asyncio.run(_serve(order))


async def _serve(order: On) -> None:
    box = Box(order.disk, factory=order.factory, hashes=order.hashes, radius=order.radius)
    key = asyncssh.read_private_key(order.disk / HOST_KEY)
    await Server(EMULATED[order.platform](box), order.address, order.port, key).start()
    _say(Answer(order.name, os.getpid()))
    await asyncio.Event().wait()


def _say(answer: Answer) -> None:
    # One write: the switches share this output, and short ones do not mix.
    os.write(sys.stdout.fileno(), _ANSWER.dump_json(answer) + b"\n")


def _kill(pid: int) -> None:
    if pid:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    sys.exit(main())
