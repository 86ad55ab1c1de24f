"""ICMP that says "too long", read from bytes."""

import struct
from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.echo.packet import checksum, request
from monitor.mtu.packet import TooBig, too_big

ROUTER, HERE, THERE = IPv4Address("10.8.0.1"), IPv4Address("10.8.0.10"), IPv4Address("10.8.16.1")


def ip(source: IPv4Address, destination: IPv4Address, payload: bytes, protocol: int = 1) -> bytes:
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 1, 0x4000, 64, protocol, 0)
    return head + source.packed + destination.packed + payload


def icmp(kind: int, code: int, mtu: int, quoted: bytes) -> bytes:
    bare = struct.pack("!BBHHH", kind, code, 0, 0, mtu) + quoted
    return bare[:2] + checksum(bare).to_bytes(2, "big") + bare[4:]


QUOTED = ip(HERE, THERE, request(7, 9, bytes(1472)))[:28]
GOOD = ip(ROUTER, HERE, icmp(3, 4, 1400, QUOTED))


def test_what_a_router_says() -> None:
    assert too_big(GOOD) == TooBig(ROUTER, 1400, THERE, 7, 9)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        GOOD[:27],
        GOOD[:-1],
        ip(ROUTER, HERE, icmp(3, 1, 1400, QUOTED)),
        ip(ROUTER, HERE, icmp(11, 0, 0, QUOTED)),
        ip(ROUTER, HERE, icmp(3, 4, 1400, QUOTED[:26])),
        ip(ROUTER, HERE, icmp(3, 4, 1400, b"")),
        ip(ROUTER, HERE, icmp(3, 4, 1400, ip(HERE, THERE, bytes(8)))),
        ip(ROUTER, HERE, icmp(3, 4, 1400, ip(HERE, THERE, request(7, 9, b""), protocol=17))),
        ip(ROUTER, HERE, icmp(3, 4, 1400, QUOTED)[:-1] + b"x"),
        ip(ROUTER, HERE, icmp(3, 4, 1400, QUOTED), protocol=6),
    ],
)
def test_what_is_something_else(packet: bytes) -> None:
    assert too_big(packet) is None


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_passed_over(data: bytes) -> None:
    assert too_big(data) is None
    told = too_big(ip(ROUTER, HERE, icmp(3, 4, 1280, QUOTED[:20] + data)))
    assert told is None or told.mtu == 1280
