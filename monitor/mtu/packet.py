"""ICMP's "fragmentation needed" as bytes (RFC 792; RFC 1191, section 4), read strictly."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

from monitor.echo.packet import checksum

__all__ = ["DESTINATION_UNREACHABLE", "TooBig", "too_big"]

DESTINATION_UNREACHABLE = 3
_FRAGMENTATION_NEEDED = 4
_ECHO_REQUEST = 8
_ICMP = 1
_HEADER = struct.Struct("!BBHHH")


@dataclass(frozen=True, slots=True)
class TooBig:
    """Somebody says that an echo request of ours is too long."""

    by: IPv4Address
    mtu: int
    """0 where whoever says so is older than RFC 1191."""
    destination: IPv4Address
    identifier: int
    sequence: int


def too_big(packet: bytes) -> TooBig | None:
    """What a raw socket received (with its IPv4 header); None for anything else, whole or broken."""
    message = _payload(packet)
    if message is None or len(message) < _HEADER.size or checksum(message) != 0:
        return None
    kind, code, _sum, _unused, mtu = _HEADER.unpack_from(message)
    if (kind, code) != (DESTINATION_UNREACHABLE, _FRAGMENTATION_NEEDED):
        return None
    inner = message[_HEADER.size :]
    quoted = _payload(inner)
    if quoted is None or len(quoted) < _HEADER.size or quoted[0] != _ECHO_REQUEST:
        return None
    _kind, _code, _sum, identifier, sequence = _HEADER.unpack_from(quoted)
    return TooBig(IPv4Address(packet[12:16]), mtu, IPv4Address(inner[16:20]), identifier, sequence)


def _payload(packet: bytes) -> bytes | None:
    start = (packet[0] & 15) * 4 if packet else 0
    if len(packet) < 20 or packet[0] >> 4 != 4 or packet[9] != _ICMP or start < 20:
        return None
    return packet[start:]
