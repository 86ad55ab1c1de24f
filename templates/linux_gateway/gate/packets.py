"""charon's control protocol (vici), so far as it takes to tell a question from an order.

A packet is a length (four bytes) and that many bytes: a type, and in some types a name (one byte of length, then the
name) before the message. One request is answered before the next; events come at any time.
"""

from __future__ import annotations

from typing import NamedTuple

from .errors import GateError

REQUEST, RESPONSE, UNKNOWN, REGISTER, UNREGISTER, CONFIRM, EVENT_UNKNOWN, EVENT = range(8)
ANSWERS = (RESPONSE, UNKNOWN, CONFIRM, EVENT_UNKNOWN)
KEY_VALUE = 3
"""The one element a question's message may hold: a name and a text."""

COMMANDS = frozenset(
    (
        b"version", b"stats", b"list-sas", b"list-conns", b"list-policies", b"list-certs", b"list-authorities",
        b"get-algorithms", b"get-counters",
    )
)  # fmt: skip
EVENTS = frozenset(
    (
        b"ike-updown", b"child-updown", b"ike-rekey", b"child-rekey", b"ike-update",
        b"list-sa", b"list-conn", b"list-policy", b"list-cert", b"list-authority",
    )
)  # fmt: skip
"""Everything else is refused: what would change charon, and what a later charon may learn."""


class Packet(NamedTuple):
    """A packet of a client, parsed."""

    type: int
    name: bytes
    message: bytes


class Cutter:
    """Cuts a stream of bytes into packets, none longer than a limit; `fault` is the code of the error when one is."""

    def __init__(self, limit: int, fault: str) -> None:
        self.limit, self.fault = limit, fault
        self.held = bytearray()

    @property
    def room(self) -> int:
        """How many bytes may be added."""
        return max(0, self.limit + 4 - len(self.held))

    def add(self, chunk: bytes) -> None:
        """More of the stream."""
        self.held += chunk

    def cut(self) -> bytes | None:
        """The next packet without its length, if all of it is there. GateError when it never can be."""
        if len(self.held) < 4:
            return None
        length = int.from_bytes(self.held[:4], "big")
        if not 0 < length <= self.limit:
            raise GateError(self.fault, "a packet that cannot be one")
        if len(self.held) < 4 + length:
            return None
        packet = bytes(self.held[4 : 4 + length])
        del self.held[: 4 + length]
        return packet


def framed(packet: bytes) -> bytes:
    """A packet with its length."""
    return len(packet).to_bytes(4, "big") + packet


def parse(packet: bytes) -> Packet:
    """A client's packet. GateError `refused` for types no client sends, and names that are none."""
    kind, length = packet[0], packet[1] if len(packet) > 1 else 0
    name = packet[2 : 2 + length]
    if kind not in (REQUEST, REGISTER, UNREGISTER) or len(name) != length or not name:
        raise GateError("refused", "a packet no client sends")
    return Packet(kind, name, packet[2 + length :])


def allowed(packet: Packet) -> bool:
    """Whether a packet only asks."""
    if packet.type == REQUEST:
        return packet.name in COMMANDS and plain(packet.message)
    return packet.name in EVENTS and not packet.message


def refusal(packet: Packet) -> bytes:
    """What charon answers to a name it does not know."""
    return framed(bytes([UNKNOWN if packet.type == REQUEST else EVENT_UNKNOWN]))


def plain(message: bytes) -> bool:
    """Whether a message is a flat list of names with short printable texts, as questions have."""
    at = 0
    while at < len(message):
        if message[at] != KEY_VALUE or at + 2 > len(message):
            return False
        value = at + 2 + message[at + 1]
        length = int.from_bytes(message[value : value + 2], "big")
        name, text, at = message[at + 2 : value], message[value + 2 : value + 2 + length], value + 2 + length
        if not name.isascii() or not name.replace(b"_", b"a").isalpha() or length > 255:
            return False
        if at > len(message) or not (text.isascii() and text.decode("ascii").isprintable()):
            return False
    return True
