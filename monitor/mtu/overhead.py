"""What ESP takes away from a line's MTU: pure arithmetic.

A packet in tunnel mode over IPv4 is: outer IPv4 header, UDP header where encapsulated (RFC 3948), ESP header (SPI and
sequence number), IV, the inner packet, padding, two bytes of trailer, and the integrity check value (RFC 4303,
section 2).
"""

from __future__ import annotations

from dataclasses import dataclass

from inventory.crypto import Part, parts

__all__ = ["inner_mtu"]

_OUTER, _UDP, _ESP, _TRAILER = 20, 8, 8, 2


@dataclass(frozen=True, slots=True)
class _Cipher:
    iv: int
    align: int
    """The inner packet and the trailer fill a multiple of it."""


_COUNTER = _Cipher(8, 4)
"""GCM (RFC 4106), CCM (RFC 4309), CTR (RFC 3686), ChaCha20-Poly1305 (RFC 7634): padded to four bytes as ESP demands."""
_AES_CBC, _DES_CBC = _Cipher(16, 16), _Cipher(8, 8)
"""RFC 3602 and RFC 2451."""
_ICVS = {"sha1": 12, "md5": 12, "aesxcbc": 12, "aescmac": 12, "sha256": 16, "sha384": 24, "sha512": 32}
"""RFC 2404, 2403, 3566, 4494; RFC 4868."""


def inner_mtu(link: int, proposal: str, *, encapsulated: bool) -> int:
    """The longest inner IPv4 packet that needs no fragment on a line, under a proposal's most costly choice. Bytes."""
    named = parts(proposal)
    ciphers = named.get(Part.ENCRYPTION, frozenset({"aes256"}))
    icvs = [_ICVS.get(name, 32) for name in named.get(Part.INTEGRITY, ())] or [16]
    outer = _OUTER + _ESP + (_UDP if encapsulated else 0)
    return min(_fits(link - outer, _cipher(name), _icv(name, max(icvs))) for name in ciphers)


def _fits(room: int, cipher: _Cipher, icv: int) -> int:
    return (room - cipher.iv - icv) // cipher.align * cipher.align - _TRAILER


def _cipher(name: str) -> _Cipher:
    if "gcm" in name or "ccm" in name or "ctr" in name or name.startswith("chacha20"):
        return _COUNTER
    return _DES_CBC if "des" in name else _AES_CBC


def _icv(name: str, beside: int) -> int:
    """Sealed encryption brings its own; its name says how long it is."""
    if name.startswith("chacha20"):
        return 16
    for mode in ("gcm", "ccm"):
        _bits, found, length = name.partition(mode)
        if found:
            return int(length) if length.isdigit() else 16
    return beside
