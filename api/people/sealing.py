"""A key file in the work's folder, and what is sealed with it: readable for the process that can read the file."""

from __future__ import annotations

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from inventory.errors import SecretError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["Seal"]

_NONCE = 12
_KEY = 32


class Seal:
    """AES-256-GCM under the key of one file. The file is made when something is sealed for the first time."""

    def __init__(self, file: Path) -> None:
        """Nothing is read yet."""
        self._file = file

    @classmethod
    def of(cls, folder: Path) -> Seal:
        """The seal for what belongs to people, in the work's folder."""
        return cls(folder / "people.key")

    def close(self, secret: str, about: str) -> str:
        """Seal a secret. `about` is bound to it, and must be said again to open it."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher(self._made()).encrypt(nonce, secret.encode(), about.encode())
        return base64.b64encode(sealed).decode()

    def open(self, sealed: str, about: str) -> str:
        """The secret again; SecretError when the key is lost or another one, or what was sealed is about another."""
        from cryptography.exceptions import InvalidTag

        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._cipher(self._read()).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError) as error:
            text = _("{file}: this is not the key that {about} was sealed with; put the right one back from a backup")
            raise SecretError(text.format(file=self._file, about=about)) from error

    def _made(self) -> bytes:
        """The key; a new one when there is none. Whole from its first moment: whoever comes second reads it."""
        if self._file.exists():
            return self._read()
        fresh = self._file.with_name(f".{self._file.name}.{secrets.token_hex(8)}")
        try:
            _write(fresh, secrets.token_bytes(_KEY))
            with suppress(FileExistsError):
                self._file.hardlink_to(fresh)
        except OSError as error:
            raise self._unreadable(error) from error
        finally:
            fresh.unlink(missing_ok=True)
        return self._read()

    def _read(self) -> bytes:
        try:
            key = self._file.read_bytes()
        except OSError as error:
            raise self._unreadable(error) from error
        if len(key) != _KEY:
            raise SecretError(_("{file}: this is no key; put the right one back from a backup").format(file=self._file))
        return key

    def _unreadable(self, error: OSError) -> SecretError:
        text = _("{file}: the key cannot be read: {why}; put it back from a backup")
        return SecretError(text.format(file=self._file, why=error.strerror))

    @staticmethod
    def _cipher(key: bytes) -> AESGCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(key)


def _write(file: Path, key: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        if os.geteuid() == 0:
            # Made by root before there is a service: the service's own account owns the folder, and must read it.
            folder = file.parent.stat()
            os.fchown(opened.fileno(), folder.st_uid, folder.st_gid)
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
