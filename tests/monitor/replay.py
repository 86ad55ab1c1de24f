"""A charon that answers as a real one once did: recorded packets, handed out question by question."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from monitor.packets import Kind, Section, parse_message, parse_packet

__all__ = ["Replay", "framed", "messages", "packets", "recorded"]

_DATA = Path(__file__).parents[1] / "data/vici"


def recorded(name: str) -> bytes:
    """The packets of a recording, as they came over the socket.

    begin: answers to version and to five event registrations; before, rekeying, after: list-sas of gw-k before, in and
    after a rekeying of k-b; events: the child-rekey and ike-rekey of it.
    """
    return (_DATA / f"{name}.bin").read_bytes()


def packets(name: str) -> Iterator[bytes]:
    """The packets of a recording, each with its length."""
    rest = recorded(name)
    while rest:
        end = 4 + int.from_bytes(rest[:4], "big")
        yield rest[:end]
        rest = rest[end:]


def messages(name: str) -> list[tuple[str, Section]]:
    """The events of a recording with their names."""
    parsed = (parse_packet(packet[4:]) for packet in packets(name))
    return [(event, parse_message(message)) for kind, event, message in parsed if kind is Kind.EVENT]


def framed(packet: bytes) -> bytes:
    """A packet with its length before it."""
    return len(packet).to_bytes(4, "big") + packet


class Replay:
    """A stream: each question is answered by the next of `answers`, in pieces of `piece` bytes."""

    def __init__(self, *answers: bytes, piece: int = 7) -> None:
        self._answers = list(answers)
        self._piece = piece
        self._said = bytearray()
        self._more = asyncio.Event()
        self._ended = False
        self.asked: list[bytes] = []

    @classmethod
    def of(cls, *lists: bytes, piece: int = 7) -> Replay:
        """One that begins as the recorded one did, and then answers each list-sas with one of these."""
        return cls(*packets("begin"), *lists, piece=piece)

    async def read(self, n: int) -> bytes:
        while not self._said and not self._ended:
            self._more.clear()
            await self._more.wait()
        taken = bytes(self._said[: min(n, self._piece)])
        del self._said[: len(taken)]
        return taken

    async def write(self, data: bytes) -> None:
        self.asked.append(data)
        self.say(self._answers.pop(0) if self._answers else b"")

    def end(self) -> None:
        """Say no more."""
        self._ended = True
        self._more.set()

    def say(self, data: bytes) -> None:
        """Say something unasked."""
        self._said += data
        self._more.set()
