"""What is sealed with a key of the work's own: readable for the process that can read the key's file."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from api.keyfile import KeyFile
from inventory.errors import SecretError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["Seal"]

_NONCE = 12


class Seal:
    """AES-256-GCM under the key of one file. The file is made when something is sealed for the first time."""

    def __init__(self, file: Path) -> None:
        """Nothing is read yet."""
        self._key = KeyFile(file)

    @classmethod
    def of(cls, folder: Path) -> Seal:
        """The seal for what belongs to people, in the work's folder."""
        return cls(folder / "people.key")

    def close(self, secret: str, about: str) -> str:
        """Seal a secret. `about` is bound to it, and must be said again to open it."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + _cipher(self._key.made()).encrypt(nonce, secret.encode(), about.encode())
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        """The secret again; SecretError when the key is lost or another one, or what was sealed is about another."""
        from cryptography.exceptions import InvalidTag

        try:
            raw = base64.b64decode(sealed, validate=True)
            return _cipher(self._key.read()).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError) as error:
            text = _("{file}: this is not the key that {about} was sealed with; put the right one back from a backup")
            raise SecretError(text.format(file=self._key.file, about=about)) from error


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
