"""Heads of packets out of a capture file, read strictly and bounded: addresses, protocol, ports, and what they carry.

scapy would read them, too; it takes 44 MiB of memory to do so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from monitor.errors import NonsenseError

__all__ = ["HEADS", "Head", "heads"]

HEADS = 1000
_MAGIC = {b"\xd4\xc3\xb2\xa1": "<", b"\xa1\xb2\xc3\xd4": ">"}
"""pcap with microseconds (draft-ietf-opsawg-pcap, section 4); both orders of bytes."""
_LONGEST = 65535
_IPV4, _IPV6 = 0x0800, 0x86DD
_VLANS = frozenset({0x8100, 0x88A8})
_PORTS = frozenset({6, 17})
_NAMES = {1: "icmp", 4: "ipip", 6: "tcp", 17: "udp", 41: "ip6", 47: "gre", 50: "esp", 58: "icmp6"}


@dataclass(frozen=True, slots=True)
class Head:
    """One packet. Ports are 0 where there are none."""

    source: IPv4Address | IPv6Address
    destination: IPv4Address | IPv6Address
    protocol: int
    source_port: int
    destination_port: int
    body: bytes
    """What follows the IP header, as far as it was caught."""

    def __str__(self) -> str:
        word = _NAMES.get(self.protocol, f"protocol {self.protocol}")
        return f"{self.source} > {self.destination} {word}" + (
            f" {self.destination_port}" * bool(self.destination_port)
        )


def heads(pcap: bytes) -> Iterator[Head]:
    """Those of IP packets. Raises NonsenseError for what is no capture, or is cut off."""
    if not pcap:
        return
    order = _MAGIC.get(pcap[:4])
    if order is None or len(pcap) < 24:
        raise NonsenseError("no capture file")
    kind = struct.unpack_from(order + "I", pcap, 20)[0] & 0xFFFF
    at = 24
    for _each in range(HEADS):
        if at == len(pcap):
            return
        if at + 16 > len(pcap):
            raise NonsenseError("a capture file that ends too early")
        length = struct.unpack_from(order + "I", pcap, at + 8)[0]
        if length > _LONGEST or at + 16 + length > len(pcap):
            raise NonsenseError("a capture file that ends too early")
        if (head := _head(kind, pcap[at + 16 : at + 16 + length])) is not None:
            yield head
        at += 16 + length


def _head(kind: int, frame: bytes) -> Head | None:
    """By the kind of line: Ethernet, Linux' two cooked kinds, or bare IP. None for what is not IP, or too short."""
    match kind:
        case 1:
            at = 12
            while len(frame) >= at + 4 and int.from_bytes(frame[at : at + 2], "big") in _VLANS:
                at += 4
            return _packet(int.from_bytes(frame[at : at + 2], "big"), frame[at + 2 :])
        case 113:
            return _packet(int.from_bytes(frame[14:16], "big"), frame[16:])
        case 276:
            return _packet(int.from_bytes(frame[:2], "big"), frame[20:])
        case 101:
            return _packet(_IPV6 if frame[:1] and frame[0] >> 4 == 6 else _IPV4, frame)
        case _:
            raise NonsenseError(f"a capture of an unknown kind of line: {kind}")


def _packet(kind: int, packet: bytes) -> Head | None:
    if kind == _IPV4 and len(packet) >= 20:
        body = packet[(packet[0] & 15) * 4 :]
        fragment = int.from_bytes(packet[6:8], "big") & 0x1FFF
        ports = (0, 0) if fragment else _ports(packet[9], body)
        return Head(IPv4Address(packet[12:16]), IPv4Address(packet[16:20]), packet[9], *ports, body)
    if kind == _IPV6 and len(packet) >= 40:
        ports = _ports(packet[6], packet[40:])
        return Head(IPv6Address(packet[8:24]), IPv6Address(packet[24:40]), packet[6], *ports, packet[40:])
    return None


def _ports(protocol: int, body: bytes) -> tuple[int, int]:
    if protocol not in _PORTS or len(body) < 4:
        return 0, 0
    source, destination = struct.unpack_from("!HH", body)
    return source, destination
