"""Interface states as a gate tells them, line by line, and what is no such line."""

import asyncio

import pytest

from monitor.errors import NonsenseError, SilenceError
from monitor.links import Told, lines, parse_line
from monitor.readings import Carrier


class _Said:
    """A stream that says this, in pieces, and ends."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

    async def read(self, n: int) -> bytes:
        return self._pieces.pop(0)[:n] if self._pieces else b""

    async def write(self, data: bytes) -> None:
        """Nothing is asked of the gate's interfaces."""


def test_lines_are_put_together() -> None:
    assert _heard(_Said(b'{"li', b'nks":{}}\n{"links"', b":{}}\n\n")) == [b'{"links":{}}', b'{"links":{}}', b""]


def test_a_line_without_an_end_is_nonsense() -> None:
    with pytest.raises(NonsenseError):
        _heard(_Said(*[b"x" * 4096] * 40))


def test_what_the_gate_tells_is_read() -> None:
    told = parse_line(b'{"links": {"wan0": "up", "vlan10": "down", "wan1": "silent"}}')
    assert told == Told({"wan0": Carrier.UP, "vlan10": Carrier.DOWN, "wan1": Carrier.SILENT}, None)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"links": []}',
        b'{"ok": false, "code": "refused"}',
        b'{"links": {"wan0": true}}',
        b'{"links": {"wan0": "dormant"}}',
        b"[" * 100_000,
        b'{"links": {' + b",".join(b'"i%d": "up"' % n for n in range(2000)) + b"}}",
    ],
)
def test_anything_else_is_nonsense(line: bytes) -> None:
    with pytest.raises(NonsenseError):
        parse_line(line)


def _heard(stream: _Said) -> list[bytes]:
    heard: list[bytes] = []

    async def hear() -> None:
        async for line in lines(stream):
            heard.append(line)

    with pytest.raises(SilenceError):
        asyncio.run(hear())
    return heard
