"""Tokens that this process knows again wherever it meets them: in the clear they may be met nowhere."""

from __future__ import annotations

import os
from hashlib import blake2b

from monitor.echo.packet import TOKEN_BYTES

__all__ = ["CANARY_BYTES", "holds", "token"]

CANARY_BYTES = TOKEN_BYTES
_HALF = CANARY_BYTES // 2
_KEY = os.urandom(32)
"""Of this process only: nobody else's packets can pass for ours."""


def token() -> bytes:
    """A new one: random to everybody else."""
    first = os.urandom(_HALF)
    return first + _seal(first)


def holds(data: bytes) -> bool:
    """Whether one of ours is anywhere in some bytes."""
    return any(
        _seal(data[at : at + _HALF]) == data[at + _HALF : at + CANARY_BYTES]
        for at in range(len(data) - CANARY_BYTES + 1)
    )


def _seal(first: bytes) -> bytes:
    return blake2b(first, key=_KEY, digest_size=_HALF).digest()
