"""A library of another version than the one whose sockets are known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import gufo.snmp
import pytest

from monitor.snmp import fast

__all__ = ["another_version"]


@contextmanager
def another_version() -> Iterator[None]:
    """The library says that it is newer than the one whose sockets are known."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gufo.snmp, "__version__", "99.1.0")
        fast.hindrance.cache_clear()
        yield
    fast.hindrance.cache_clear()
