"""Secrets of a switch's text, replaced by keyed hashes: equal ones look equal, and nobody guesses without the key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from inventory.secrets import SecretStore

__all__ = ["marker"]


def marker(secrets: SecretStore, ref: str) -> Callable[[str], str]:
    """What replaces a secret, by the office's key. The key is looked up when the first secret comes: SecretError."""

    def mark(secret: str) -> str:
        key = secrets.get(ref).get_secret_value().encode()
        return f"<secret:{hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()[:16]}>"

    return mark
