"""Algorithms of IKE by their numbers: strongSwan's words, as the inventory writes them, and the registry's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Transform", "TransformKind", "group_name", "named", "transforms"]


class TransformKind(IntEnum):
    """Transform types (RFC 7296, section 3.3.2)."""

    ENCRYPTION = 1
    PRF = 2
    INTEGRITY = 3
    GROUP = 4


@dataclass(frozen=True, slots=True)
class Transform:
    """One algorithm of a proposal. `bits`: 0 where the algorithm has keys of one size only."""

    kind: TransformKind
    number: int
    bits: int = 0


_MODES = {"": 12, "ctr": 13, "ccm16": 16, "gcm8": 18, "gcm12": 19, "gcm16": 20}
_ENCRYPTION = {
    **{f"aes{bits}{mode}": (number, bits) for mode, number in _MODES.items() for bits in (128, 192, 256)},
    "des": (2, 0),
    "3des": (3, 0),
    "chacha20poly1305": (28, 0),
}
_INTEGRITY = {"md5": 1, "sha1": 2, "sha256": 12, "sha384": 13, "sha512": 14}
_PRF = {"prfmd5": 1, "prfsha1": 2, "prfsha256": 5, "prfsha384": 6, "prfsha512": 7}
_GROUPS = {
    "modp768": 1,
    "modp1024": 2,
    "modp1536": 5,
    "modp2048": 14,
    "modp3072": 15,
    "modp4096": 16,
    "modp6144": 17,
    "modp8192": 18,
    "ecp256": 19,
    "ecp384": 20,
    "ecp521": 21,
    "modp1024s160": 22,
    "modp2048s224": 23,
    "modp2048s256": 24,
    "ecp256bp": 28,
    "ecp384bp": 29,
    "ecp512bp": 30,
    "curve25519": 31,
}
"""Numbers of the registry "Internet Key Exchange Version 2 (IKEv2) Parameters"."""


def transforms(proposal: str) -> tuple[Transform, ...] | None:
    """What a proposal says (`aes256gcm16-prfsha384-ecp384`); None when a word of it has no number here."""
    found: list[Transform] = []
    for word in proposal.split("-"):
        if (each := _transform(word)) is None:
            return None
        found.append(each)
    if not any(each.kind is TransformKind.PRF for each in found):
        # Where none is named it goes with the integrity algorithm, as in strongSwan's own words.
        words = [f"prf{word}" for word in proposal.split("-") if word in _INTEGRITY]
        found += [Transform(TransformKind.PRF, _PRF[word]) for word in words]
    return tuple(found)


def named(chosen: tuple[Transform, ...]) -> str:
    """Transforms in strongSwan's words; what has none by its type and number."""
    return "-".join(_name(each) for each in sorted(chosen, key=lambda each: _ORDER.index(each.kind)))


def group_name(number: int) -> str:
    """A group in strongSwan's word, or its number."""
    return next((word for word, each in _GROUPS.items() if each == number), str(number))


_ORDER = (TransformKind.ENCRYPTION, TransformKind.INTEGRITY, TransformKind.PRF, TransformKind.GROUP)


def _transform(word: str) -> Transform | None:
    if word in _ENCRYPTION:
        return Transform(TransformKind.ENCRYPTION, *_ENCRYPTION[word])
    for kind, words in _PLAIN:
        if word in words:
            return Transform(kind, words[word])
    return None


_PLAIN = ((TransformKind.INTEGRITY, _INTEGRITY), (TransformKind.PRF, _PRF), (TransformKind.GROUP, _GROUPS))


def _name(each: Transform) -> str:
    if each.kind is TransformKind.ENCRYPTION:
        known = (word for word, value in _ENCRYPTION.items() if value == (each.number, each.bits))
    else:
        known = (word for kind, words in _PLAIN if kind is each.kind for word, n in words.items() if n == each.number)
    return next(known, f"{each.kind.name.lower()}{each.number}")
