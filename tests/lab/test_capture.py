"""Reading packets off a line."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest

from lab.capture import Packet, in_clear, parse

_V4 = bytes.fromhex("4500002800004000400000000a4013010a40010a")
_V6 = bytes.fromhex("6000000000081140" + "fd64" + "00" * 13 + "01" + "fd64" + "00" * 13 + "02")
_PORTS = bytes.fromhex("c0011194")


def _frame(kind: str, packet: bytes) -> bytes:
    return bytes(12) + bytes.fromhex(kind) + packet


@pytest.mark.parametrize(
    ("frame", "packet"),
    [
        (
            _frame("0800", _V4[:9] + b"\x11" + _V4[10:] + _PORTS),
            Packet(IPv4Address("10.64.19.1"), IPv4Address("10.64.1.10"), 17, 49153, 4500),
        ),
        (
            _frame("0800", _V4[:9] + b"\x32" + _V4[10:]),
            Packet(IPv4Address("10.64.19.1"), IPv4Address("10.64.1.10"), 50),
        ),
        (
            _frame("0800", _V4[:6] + b"\x00\x10" + _V4[8:9] + b"\x06" + _V4[10:] + _PORTS),
            Packet(IPv4Address("10.64.19.1"), IPv4Address("10.64.1.10"), 6),
        ),
        (_frame("86dd", _V6 + _PORTS), Packet(IPv6Address("fd64::1"), IPv6Address("fd64::2"), 17, 49153, 4500)),
        (_frame("0806", bytes(28)), None),
        (_frame("0800", _V4[:12]), None),
        (b"", None),
    ],
)
def test_a_frame_gives_the_head_of_its_packet(frame: bytes, packet: Packet | None) -> None:
    assert parse(frame) == packet


def test_a_packet_is_in_clear_when_either_address_is_an_inner_one() -> None:
    inner = (IPv4Network("10.64.0.0/16"), IPv6Network("fd64:0:a40::/48"))
    wan, other = IPv4Address("203.0.113.10"), IPv4Address("198.51.100.20")
    office = IPv4Address("10.64.1.10")
    esp, out, back = Packet(wan, other, 17, 4500, 4500), Packet(office, other, 6), Packet(other, office, 6)
    assert in_clear((esp, out, back), inner) == (out, back)
