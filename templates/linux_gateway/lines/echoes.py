"""Echo requests from each of our addresses to whoever is to be reached from it (RFC 792)."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterable, Iterator

ECHO, REPLY, IN_PKTINFO = 8, 0, 8
ANSWERS_A_BEAT = 256


class Echoes:
    """Requests and their answers; OSError for who may open no raw socket."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.numbers = dict(enumerate(pairs, 1))
        self.token, self.sequence = os.urandom(8), 0
        self.raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.raw.setblocking(False)

    def ask(self) -> None:
        """One request each."""
        self.sequence = (self.sequence + 1) & 0xFFFF
        for number, (here, there) in self.numbers.items():
            bare = struct.pack("!BBHHH", ECHO, 0, 0, number, self.sequence) + self.token
            message = bare[:2] + struct.pack("!H", checksum(bare)) + bare[4:]
            own = struct.pack("@i4s4s", 0, socket.inet_aton(here), bytes(4))
            try:
                self.raw.sendmsg([message], [(socket.IPPROTO_IP, IN_PKTINFO, own)], 0, (there, 0))
            except OSError:
                # An address of ours that is gone sends nothing.
                continue

    def answers(self) -> Iterator[tuple[str, str]]:
        """The pairs whose answer has come."""
        for _each in range(ANSWERS_A_BEAT):
            try:
                packet = self.raw.recv(2048)
            except OSError:
                return
            start = (packet[0] & 15) * 4 if packet else 0
            message = packet[start:]
            if start < 20 or len(message) != 16 or message[0] != REPLY or message[8:] != self.token:
                continue
            pair = socket.inet_ntoa(packet[16:20]), socket.inet_ntoa(packet[12:16])
            if self.numbers.get(struct.unpack_from("!H", message, 4)[0]) == pair:
                yield pair


def checksum(data: bytes) -> int:
    """RFC 1071, over an even number of bytes."""
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
