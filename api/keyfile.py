"""A secret of 32 random bytes in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import SecretError
from inventory.words import gettext as _

__all__ = ["KEY_BYTES", "KeyFile"]

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyFile:
    """One key. SecretError when it cannot be had; the message never holds it."""

    file: Path

    def made(self) -> bytes:
        """The key; a new one when there is none. Whole from its first moment: whoever comes second reads it."""
        if self.file.exists():
            return self.read()
        fresh = self.file.with_name(f".{self.file.name}.{secrets.token_hex(8)}")
        try:
            _write(fresh, secrets.token_bytes(KEY_BYTES))
            with suppress(FileExistsError):
                self.file.hardlink_to(fresh)
        except OSError as error:
            raise self._unreadable(error) from error
        finally:
            fresh.unlink(missing_ok=True)
        return self.read()

    def read(self) -> bytes:
        """The key that is there."""
        try:
            key = self.file.read_bytes()
        except OSError as error:
            raise self._unreadable(error) from error
        if len(key) != KEY_BYTES:
            raise SecretError(_("{file}: this is no key; put the right one back from a backup").format(file=self.file))
        return key

    def _unreadable(self, error: OSError) -> SecretError:
        text = _("{file}: the key cannot be read: {why}; put it back from a backup")
        return SecretError(text.format(file=self.file, why=error.strerror))


def _write(file: Path, key: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        if os.geteuid() == 0:
            # Made by root before there is a service: the service's own account owns the folder, and must read it.
            folder = file.parent.stat()
            os.fchown(opened.fileno(), folder.st_uid, folder.st_gid)
        opened.write(key)
        opened.flush()
        os.fsync(opened.fileno())
