"""Secrets that fosa makes for people and programs: long enough that a plain hash is all that is kept of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

__all__ = ["matches", "new_code", "new_secret", "trace"]


def new_secret() -> str:
    """256 random bits for a program to keep, URL-safe."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """80 random bits for a person to type: `k3vd-x5qp-77ab-mz2c`."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def trace(secret: str) -> str:
    """What is kept of a secret: its SHA-256. Spaces, dashes and capitals of a typed code do not matter."""
    return hashlib.sha256(_bare(secret).encode()).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Whether a secret is the one that left this trace; as long for a wrong one."""
    return hmac.compare_digest(trace(secret), kept)


def _bare(secret: str) -> str:
    """As it was made: a person's code without what he put between, a program's secret untouched."""
    code = "".join(secret.split()).replace("-", "").lower()
    return code if len(code) == 16 else secret
