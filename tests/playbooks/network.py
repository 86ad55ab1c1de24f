"""This thread in another network: as if the test ran on one of the office's machines."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["network_of"]

_CLONE_NEWNET = 0x40000000


@contextmanager
def network_of(namespace: str) -> Iterator[None]:
    """This thread, and what it starts, in a network namespace."""
    setns = ctypes.CDLL(None, use_errno=True).setns
    with Path("/proc/thread-self/ns/net").open() as home, Path("/run/netns", namespace).open() as there:
        assert setns(there.fileno(), _CLONE_NEWNET) == 0
        try:
            yield
        finally:
            assert setns(home.fileno(), _CLONE_NEWNET) == 0
