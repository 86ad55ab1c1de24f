"""Both ways through a table, for tests that must find the same by either."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.snmp import fast
from monitor.snmp.expected import Way
from tests.monitor.snmp.ways import another_version


@pytest.fixture(params=Way)
def both_ways(request: pytest.FixtureRequest) -> Iterator[Way]:
    """A test that asks for it runs twice: with the library as it is, and with one whose sockets nobody knows."""
    if request.param is Way.QUICK:
        assert fast.hindrance() is None
        yield Way.QUICK
        return
    with another_version():
        yield Way.PUBLIC
