"""What a responder answers to a first message, read strictly: every length is checked, nothing is followed for ever."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.errors import Flaw, NonsenseError
from monitor.ike.algorithms import Transform, TransformKind
from monitor.ike.message import COOKIE, Exchange, Payload, Query

__all__ = ["ANSWER_BYTES", "Agreed", "Answer", "Asked", "Refused", "Wanted", "parse"]

ANSWER_BYTES = 8192
_PAYLOADS = 32
_TRANSFORMS = 64
_RESPONSE = 0x20
_INVALID_KE = 17
_HEADER = struct.Struct("!8s8sBBBBII")
_NAMES = {
    1: "UNSUPPORTED_CRITICAL_PAYLOAD",
    5: "INVALID_MAJOR_VERSION",
    7: "INVALID_SYNTAX",
    14: "NO_PROPOSAL_CHOSEN",
    24: "AUTHENTICATION_FAILED",
    43: "TEMPORARY_FAILURE",
}
_STATUS = 16384
"""Notifications from here on tell a state, and are no errors (RFC 7296, section 3.10.1)."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """It took an offer; which algorithms, as far as it says."""

    chosen: tuple[Transform, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """It took an offer, and wants the key exchange of this group (INVALID_KE_PAYLOAD)."""

    group: int


@dataclass(frozen=True, slots=True)
class Asked:
    """It wants to see this cookie first."""

    cookie: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """It said no; in the protocol's word."""

    word: str


Answer = Agreed | Wanted | Asked | Refused


def parse(datagram: bytes, query: Query) -> Answer:
    """The answer to a query. Raises NonsenseError for what answers another one, or none, or is broken."""
    if len(datagram) < _HEADER.size or len(datagram) > ANSWER_BYTES:
        raise NonsenseError("a message of no possible length", _too_much(datagram))
    spi, _other, following, version, exchange, flags, _id, length = _HEADER.unpack_from(datagram)
    if spi != query.spi:
        raise NonsenseError("an answer to no question", Flaw.UNASKED)
    if length != len(datagram):
        raise NonsenseError("a message that is cut off")
    if version >> 4 == 1:
        return _old(exchange, dict(_payloads(following, datagram)))
    if version >> 4 != 2 or not flags & _RESPONSE:
        raise NonsenseError("no answer of IKE")
    return _new(list(_payloads(following, datagram)))


def _too_much(datagram: bytes) -> Flaw:
    return Flaw.TOO_MUCH if len(datagram) > ANSWER_BYTES else Flaw.MALFORMED


def _new(payloads: list[tuple[int, bytes]]) -> Answer:
    for kind, body in payloads:
        if kind == Payload.NOTIFY and (found := _notified(body)) is not None:
            return found
    for kind, body in payloads:
        if kind == Payload.SA:
            return Agreed(_chosen(body))
    raise NonsenseError("neither an offer taken nor a reason why not")


def _old(exchange: int, payloads: dict[int, bytes]) -> Answer:
    """IKEv1: an SA payload is consent. Notifications are of RFC 2408, section 3.14.1, with the same number 14."""
    if exchange in {Exchange.MAIN, Exchange.AGGRESSIVE} and Payload.SA_1 in payloads:
        return Agreed(())
    body = payloads.get(Payload.NOTIFY_1, b"")
    if len(body) < 8:
        raise NonsenseError("neither an offer taken nor a reason why not")
    return Refused(_word(int.from_bytes(body[6:8], "big")))


def _notified(body: bytes) -> Answer | None:
    """What a notification says of the offer; None for one that says something else."""
    if len(body) < 4:
        raise NonsenseError("a notification that ends too early")
    number = int.from_bytes(body[2:4], "big")
    data = body[4 + body[1] :]
    if number == COOKIE:
        if not 1 <= len(data) <= 64:
            raise NonsenseError("a cookie of no possible length")
        return Asked(data)
    if number == _INVALID_KE:
        if len(data) != 2:
            raise NonsenseError("a group of no possible length")
        return Wanted(int.from_bytes(data, "big"))
    return Refused(_word(number)) if number < _STATUS else None


def _word(number: int) -> str:
    return _NAMES.get(number, f"notification {number}")


def _payloads(following: int, datagram: bytes) -> Iterator[tuple[int, bytes]]:
    at, count = _HEADER.size, 0
    while following:
        count += 1
        if count > _PAYLOADS:
            raise NonsenseError("more payloads than a message has", Flaw.TOO_MUCH)
        body, after = _part(datagram, at)
        yield following, body
        following, at = after, at + 4 + len(body)


def _part(data: bytes, at: int) -> tuple[bytes, int]:
    """The body of the part at a place, and what it says comes next."""
    if at + 4 > len(data):
        raise NonsenseError("a part that ends too early")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    if length < 4 or at + length > len(data):
        raise NonsenseError("a part of no possible length")
    return data[at + 4 : at + length], data[at]


def _chosen(body: bytes) -> tuple[Transform, ...]:
    """The one proposal of an answer (RFC 7296, section 3.3.1)."""
    proposal, _more = _part(body, 0)
    if len(proposal) < 4 or len(proposal) < 4 + proposal[2]:
        raise NonsenseError("a proposal that ends too early")
    found: list[Transform] = []
    at = 4 + proposal[2]
    while at < len(proposal) and len(found) < _TRANSFORMS:
        transform, _more = _part(proposal, at)
        found.append(_transform(transform))
        at += 4 + len(transform)
    return tuple(found)


def _transform(body: bytes) -> Transform:
    if len(body) < 4:
        raise NonsenseError("an algorithm that ends too early")
    try:
        kind = TransformKind(body[0])
    except ValueError:
        raise NonsenseError(f"an algorithm of unknown type {body[0]}") from None
    sized = len(body) >= 8 and int.from_bytes(body[4:6], "big") == 0x800E
    return Transform(kind, int.from_bytes(body[2:4], "big"), int.from_bytes(body[6:8], "big") if sized else 0)
