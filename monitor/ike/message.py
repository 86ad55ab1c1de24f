"""First messages of an exchange as bytes: IKE_SA_INIT (RFC 7296), IKEv1's main and aggressive mode (RFC 2408, 2409).

The key exchange value is one of another group than any that is offered. A responder that agrees to an offer then only
says which group it wants (RFC 7296, section 1.2): no half-open association is left behind, whatever it agrees to.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.ike.algorithms import Transform, TransformKind

__all__ = ["COOKIE", "PORT", "SPI_BYTES", "Exchange", "Payload", "Query", "aggressive_mode", "main_mode", "sa_init"]

SPI_BYTES = 8
PORT = 500
COOKIE = 16390
_HEADER = struct.Struct("!8s8sBBBBII")
_GENERIC = struct.Struct("!BBH")
_INITIATOR = 0x08
_KEY_LENGTH = 0x800E
"""Attribute "key length" in the short format (RFC 7296, section 3.3.5)."""
_NONCE_BYTES = 32
_VALUES = ((31, 32), (19, 64), (14, 256))
"""Groups whose values are plain to make, with the lengths in bytes."""


class Payload:
    """Payload types."""

    SA = 33
    KEY_EXCHANGE = 34
    NONCE = 40
    NOTIFY = 41
    SA_1 = 1
    KEY_EXCHANGE_1 = 4
    IDENTITY_1 = 5
    NONCE_1 = 10
    NOTIFY_1 = 11


class Exchange:
    """Exchange types."""

    MAIN = 2
    AGGRESSIVE = 4
    INFORMATIONAL_1 = 5
    SA_INIT = 34


@dataclass(frozen=True, slots=True)
class Query:
    """A message, and what its answer is known by."""

    spi: bytes
    exchange: int
    message: bytes


def sa_init(spi: bytes, secret: bytes, proposals: Sequence[Sequence[Transform]], cookie: bytes = b"") -> Query:
    """IKE_SA_INIT with these proposals. `secret`: at least 288 random bytes. `cookie`: as the responder asked for."""
    offered = {each.number for proposal in proposals for each in proposal if each.kind is TransformKind.GROUP}
    group, length = next(value for value in _VALUES if value[0] not in offered)
    payloads = [
        (Payload.SA, b"".join(_proposals(proposals))),
        (Payload.KEY_EXCHANGE, struct.pack("!HH", group, 0) + secret[:length]),
        (Payload.NONCE, secret[-_NONCE_BYTES:]),
    ]
    if cookie:
        payloads.insert(0, (Payload.NOTIFY, struct.pack("!BBH", 0, 0, COOKIE) + cookie))
    return Query(spi, Exchange.SA_INIT, _message(spi, (0x20, Exchange.SA_INIT, _INITIATOR), payloads))


def main_mode(spi: bytes) -> Query:
    """IKEv1's first message of main mode: old and new algorithms, shared keys and certificates."""
    kinds = [(cipher, secret) for cipher in (_AES256, _TRIPLE_DES) for secret in (_SHARED_KEY, _SIGNATURE)]
    return Query(spi, Exchange.MAIN, _message(spi, (0x10, Exchange.MAIN, 0), [(Payload.SA_1, _offer_1(kinds))]))


def aggressive_mode(spi: bytes, secret: bytes) -> Query:
    """IKEv1's first message of aggressive mode, with shared keys: what an answer to it gives away can be guessed at."""
    payloads = [
        (Payload.SA_1, _offer_1([(_TRIPLE_DES, _SHARED_KEY)])),
        (Payload.KEY_EXCHANGE_1, secret[:128]),
        (Payload.NONCE_1, secret[-_NONCE_BYTES:]),
        (Payload.IDENTITY_1, struct.pack("!BBH", 2, 0, 0) + b"probe.invalid"),
    ]
    return Query(spi, Exchange.AGGRESSIVE, _message(spi, (0x10, Exchange.AGGRESSIVE, 0), payloads))


_AES256 = ((1, 7), (14, 256), (2, 4), (4, 14))
_TRIPLE_DES = ((1, 5), (2, 2), (4, 2))
"""Attributes of RFC 2409, appendix A: encryption, key length, hash, group."""
_SHARED_KEY, _SIGNATURE = 1, 3


def _offer_1(kinds: Sequence[tuple[Sequence[tuple[int, int]], int]]) -> bytes:
    made = []
    for n, (algorithms, secret) in enumerate(kinds, 1):
        attributes = [*algorithms, (3, secret), (11, 1), (12, 28800)]
        body = struct.pack("!BBH", n, 1, 0) + b"".join(struct.pack("!HH", 0x8000 | k, v) for k, v in attributes)
        made.append(_linked(body, 3 if n < len(kinds) else 0))
    proposal = struct.pack("!BBBB", 1, 1, 0, len(made)) + b"".join(made)
    return struct.pack("!II", 1, 1) + _linked(proposal, 0)


def _proposals(proposals: Sequence[Sequence[Transform]]) -> list[bytes]:
    made = []
    for n, proposal in enumerate(proposals, 1):
        last = len(proposal) - 1
        body = struct.pack("!BBBB", n, 1, 0, len(proposal))
        body += b"".join(_linked(_transform(each), 3 if i < last else 0) for i, each in enumerate(proposal))
        made.append(_linked(body, 2 if n < len(proposals) else 0))
    return made


def _transform(each: Transform) -> bytes:
    bare = struct.pack("!BBH", each.kind, 0, each.number)
    return bare + struct.pack("!HH", _KEY_LENGTH, each.bits) if each.bits else bare


def _linked(body: bytes, following: int) -> bytes:
    """A part with the head that payloads, proposals and transforms share."""
    return _GENERIC.pack(following, 0, _GENERIC.size + len(body)) + body


def _message(spi: bytes, kind: tuple[int, int, int], payloads: Sequence[tuple[int, bytes]]) -> bytes:
    """`kind`: version, exchange, flags."""
    following = [number for number, _body in payloads[1:]] + [0]
    bodies = b"".join(_linked(body, after) for (_number, body), after in zip(payloads, following, strict=True))
    version, exchange, flags = kind
    return _HEADER.pack(spi, bytes(8), payloads[0][0], version, exchange, flags, 0, _HEADER.size + len(bodies)) + bodies
