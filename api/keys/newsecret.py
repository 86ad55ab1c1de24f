"""A new shared key in a file of the inventory that only its owner can read."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from inventory.errors import SecretError
from inventory.words import gettext as _

__all__ = ["forget", "make"]

_BYTES = 32


def make(folder: Path, reference: str, like: str) -> None:
    """Write 256 random bits to the file of `reference`, for the owner of the file of `like`; it must not be there yet.

    SecretError when it cannot be written; then it is not there. The secret itself is never given out.
    """
    file, other = _file(folder, reference), _file(folder, like)
    try:
        _write(file, secrets.token_hex(_BYTES), other)
    except OSError as error:
        if not isinstance(error, FileExistsError):
            with suppress(OSError):
                file.unlink(missing_ok=True)
        message = _("{ref}: the new key cannot be written: {why}")
        raise SecretError(message.format(ref=reference, why=error.strerror)) from error


def forget(folder: Path, reference: str) -> None:
    """Take a key away that nothing names."""
    _file(folder, reference).unlink(missing_ok=True)


def _file(folder: Path, reference: str) -> Path:
    return folder / reference.removeprefix("file:")


def _write(file: Path, text: str, other: Path) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w") as opened:
        if os.geteuid() == 0:
            owner = other.stat()
            os.fchown(opened.fileno(), owner.st_uid, owner.st_gid)
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
