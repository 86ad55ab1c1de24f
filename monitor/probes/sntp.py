"""A question for the time and its answer: the 48 bytes of NTP (RFC 5905, section 7.3) without extensions.

The question carries a random number in the place of its own time: whoever cannot read it cannot answer, and nobody
learns this machine's clock from it. Differences of two timestamps are taken modulo 2^64, which holds over 2036
(section 6).
"""

from __future__ import annotations

import struct
import time
from dataclasses import dataclass

from monitor.errors import Flaw

__all__ = ["QUESTION_BYTES", "Answer", "now", "parse", "question"]

QUESTION_BYTES = 48
_FORMAT = struct.Struct(">BBbbII4sQQQQ")
_SINCE_1900 = 2_208_988_800
_SHORT, _LONG = 1 << 16, 1 << 32
_SERVER = 4
_VERSIONS = frozenset({3, 4})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server tells. Seconds."""

    leap: int
    stratum: int
    reference: bytes
    """Four bytes: of a kiss-o'-death its code (section 7.4)."""
    root_delay_s: float
    root_dispersion_s: float
    received: int
    """When the question came in, by the server's clock; a timestamp of 64 bits, as `sent`."""
    sent: int

    @property
    def kiss(self) -> str:
        """The code of a kiss-o'-death: the server does not want to be asked; empty otherwise."""
        return self.reference.rstrip(b"\0").decode("ascii", "replace") if self.stratum == 0 else ""

    @property
    def root_distance_s(self) -> float:
        """How wrong its time may be by its own account (section 11.2.1, without what has passed since)."""
        return self.root_delay_s / 2 + self.root_dispersion_s

    def offset_s(self, asked: int, answered: int) -> float:
        """By how much its clock is ahead of the one that `asked` and `answered` were read from (section 8)."""
        return (_difference(self.received, asked) + _difference(self.sent, answered)) / 2

    def delay_s(self, asked: int, answered: int) -> float:
        """How long question and answer were under way, without what the server took; negative where that cannot be."""
        return _difference(answered, asked) - _difference(self.sent, self.received)


def question(nonce: int) -> bytes:
    """As a client of version 4 asks; `nonce` has 64 bits."""
    return _FORMAT.pack(4 << 3 | 3, 0, 0, 0, 0, 0, b"\0\0\0\0", 0, 0, 0, nonce)


def parse(data: bytes, nonce: int) -> Answer | Flaw:
    """The answer to the question with that nonce, or what is wrong with what came. What follows 48 bytes is left."""
    if len(data) < QUESTION_BYTES:
        return Flaw.MALFORMED
    first, stratum, _poll, _precision, delay, dispersion, reference, _set, origin, received, sent = _FORMAT.unpack(
        data[:QUESTION_BYTES]
    )
    if first & 7 != _SERVER or (first >> 3) & 7 not in _VERSIONS:
        return Flaw.MALFORMED
    if origin != nonce:
        return Flaw.UNASKED
    return Answer(first >> 6, stratum, reference, delay / _SHORT, dispersion / _SHORT, received, sent)


def now() -> int:
    """This machine's clock, as a timestamp of 64 bits."""
    seconds, rest = divmod(time.time_ns(), 1_000_000_000)
    return ((seconds + _SINCE_1900) % _LONG) * _LONG + rest * _LONG // 1_000_000_000


def _difference(later: int, earlier: int) -> float:
    """Seconds, negative where `later` is the earlier one."""
    steps = (later - earlier) % (1 << 64)
    return (steps - (1 << 64) if steps >= 1 << 63 else steps) / _LONG
