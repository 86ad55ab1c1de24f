"""Echo requests and replies as bytes (RFC 792), read strictly."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

__all__ = ["ECHO_REPLY", "TOKEN_BYTES", "Reply", "checksum", "reply", "request"]

ECHO_REQUEST, ECHO_REPLY = 8, 0
TOKEN_BYTES = 16
_HEADER = struct.Struct("!BBHHH")
_ICMP = 1


@dataclass(frozen=True, slots=True)
class Reply:
    """An echo reply as it came."""

    sender: bytes
    """Four octets: of ten a second almost none is ever shown."""
    identifier: int
    sequence: int
    token: bytes
    ttl: int

    @property
    def source(self) -> IPv4Address:
        """Whom it came from."""
        return IPv4Address(self.sender)

    def __str__(self) -> str:
        return f"echo reply from {self.source} id {self.identifier} seq {self.sequence} ttl {self.ttl}"


def request(identifier: int, sequence: int, token: bytes) -> bytes:
    """An echo request with a token for its payload."""
    bare = _HEADER.pack(ECHO_REQUEST, 0, 0, identifier, sequence) + token
    return _HEADER.pack(ECHO_REQUEST, 0, checksum(bare), identifier, sequence) + token


def reply(packet: bytes) -> Reply | None:
    """What a raw socket received (with its IPv4 header) as an echo reply; None for anything else, whole or broken."""
    if len(packet) < 20 or packet[0] >> 4 != 4 or packet[9] != _ICMP:
        return None
    start = (packet[0] & 15) * 4
    message = packet[start:]
    if start < 20 or len(message) < _HEADER.size or checksum(message) != 0:
        return None
    kind, code, _sum, identifier, sequence = _HEADER.unpack_from(message)
    if kind != ECHO_REPLY or code != 0:
        return None
    return Reply(packet[12:16], identifier, sequence, message[_HEADER.size :], packet[8])


def checksum(data: bytes) -> int:
    """The internet checksum (RFC 1071); 0 over data that carries its own."""
    padded = data + b"\0" if len(data) % 2 else data
    # 65,536 leaves 1 over 65,535: the remainder of the whole number is the sum of its words with their carries.
    whole = int.from_bytes(padded, "big")
    return 0xFFFF - (whole % 0xFFFF or 0xFFFF) if whole else 0xFFFF
