"""What the archive keeps closed: a device's files as they were given to it, under a key that only the work can read."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from inventory.errors import StoreError
from inventory.sentence import say
from inventory.words import noted as N_

__all__ = ["Seal"]

_HEAD = b"fosa sealed 1\n"
_KEY_BYTES, _MARK_BYTES, _NONCE_BYTES = 32, 8, 12


class Seal:
    """Closes and opens with AES-256-GCM; the name of what is closed is bound to it, so that no text can be swapped."""

    def __init__(self, file: Path) -> None:
        """`file`: where the key is. Nothing is opened yet."""
        self._file = file

    @property
    def file(self) -> Path:
        """Where the key is."""
        return self._file

    def make(self) -> None:
        """Make the key where there is none."""
        if self._file.exists():
            return
        try:
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(say(N_("{path}: {why}"), path=self._file, why=error.strerror or error)) from error

    def close(self, text: str, name: str) -> bytes:
        """The text closed; StoreError when there is no key."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, nonce = self._key(), secrets.token_bytes(_NONCE_BYTES)
        return _HEAD + _mark(key) + nonce + AESGCM(key).encrypt(nonce, text.encode(), name.encode())

    def open(self, sealed: bytes, name: str) -> str:
        """The text again. StoreError when the key is lost or another one, or somebody has touched what was closed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key, body = self._key(), sealed.removeprefix(_HEAD)
        mark, nonce, closed = body[:_MARK_BYTES], body[_MARK_BYTES:][:_NONCE_BYTES], body[_MARK_BYTES + _NONCE_BYTES :]
        if body == sealed or len(nonce) < _NONCE_BYTES:
            raise StoreError(say(N_("the files kept for {name} are damaged"), name=name))
        if mark != _mark(key):
            text = N_(
                "{path} is not the key the files of {name} were closed with; put the right one back from a backup"
            )
            raise StoreError(say(text, path=self._file, name=name))
        try:
            return AESGCM(key).decrypt(nonce, closed, name.encode()).decode()
        except (InvalidTag, UnicodeDecodeError) as error:
            raise StoreError(say(N_("the files kept for {name} are damaged"), name=name)) from error

    def _key(self) -> bytes:
        try:
            key = self._file.read_bytes()
        except FileNotFoundError as error:
            text = N_("the key {path} is gone: texts can be read, but none can be put back; take it from a backup")
            raise StoreError(say(text, path=self._file)) from error
        except OSError as error:
            raise StoreError(say(N_("{path}: {why}"), path=self._file, why=error.strerror or error)) from error
        if len(key) != _KEY_BYTES:
            raise StoreError(say(N_("{path} is not a key of fosa; take it from a backup"), path=self._file))
        return key


def _mark(key: bytes) -> bytes:
    """Tells keys apart, and says nothing of them."""
    return hashlib.sha256(b"fosa archive key" + key).digest()[:_MARK_BYTES]
