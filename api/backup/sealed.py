"""A file that only who knows its passphrase can read, or change without being noticed.

    magic, scrypt's cost and salt, a nonce's beginning: the header, which every piece is bound to
    then pieces: four bytes of length, and so many bytes of AES-256-GCM over 1 MiB or less

Each nonce holds the piece's number and whether it is the last one: pieces cannot be exchanged, left out, or cut off.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from inventory.errors import SecretError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

__all__ = ["PASSPHRASE_LENGTH", "Sealer", "checked", "unsealed"]

PASSPHRASE_LENGTH = 12
_MAGIC = b"fosa backup 1\n"
_HEADER = struct.Struct(">14sB16s7s")
_LENGTH = struct.Struct(">I")
_NONCE = struct.Struct(">7sI?")
_PIECE, _TAG = 1 << 20, 16
_COST = 17
"""Of scrypt, as a power of two, with r = 8 and p = 1: 128 MiB and about half a second for each guess."""


def checked(passphrase: str) -> str:
    """The passphrase, long enough; SecretError when it is not."""
    if len(passphrase) < PASSPHRASE_LENGTH:
        raise SecretError(_("the passphrase must have at least {n} characters").format(n=PASSPHRASE_LENGTH))
    return passphrase


class Sealer:
    """Writes sealed; what it was given is all there only after `close`."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        """Takes half a second."""
        salt, self._prefix = secrets.token_bytes(16), secrets.token_bytes(7)
        self._header = _HEADER.pack(_MAGIC, _COST, salt, self._prefix)
        self._cipher = _cipher(checked(passphrase), salt, _COST)
        self._file, self._number, self._held = file, 0, bytearray()
        file.write(self._header)

    def write(self, data: bytes) -> int:
        """Take more; OSError when the disk does not."""
        self._held += data
        while len(self._held) > _PIECE:
            self._put(bytes(self._held[:_PIECE]), last=False)
            del self._held[:_PIECE]
        return len(data)

    def close(self) -> None:
        """Write the last piece."""
        self._put(bytes(self._held), last=True)
        self._held.clear()

    def _put(self, data: bytes, *, last: bool) -> None:
        nonce = _NONCE.pack(self._prefix, self._number, last)
        piece = self._cipher.encrypt(nonce, data, self._header)
        self._file.write(_LENGTH.pack(len(piece)) + piece)
        self._number += 1


def unsealed(file: IO[bytes], passphrase: str) -> Iterator[bytes]:
    """What was sealed, piece by piece. SecretError for another passphrase, a changed or a cut-off file: what came
    before is sound, but may not be all.
    """
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        raise SecretError(_("this is no backup of fosa"))
    _magic, cost, salt, prefix = _HEADER.unpack(header)
    if not 10 <= cost <= 20:
        raise SecretError(_("this backup was made by a newer fosa; use that one"))
    cipher = _cipher(passphrase, salt, cost)
    number, piece = 0, _piece(file)
    while True:
        following = _piece(file)
        nonce = _NONCE.pack(prefix, number, not following)
        yield _opened(cipher, nonce, piece, header, first=number == 0)
        if not following:
            return
        number, piece = number + 1, following


def _piece(file: IO[bytes]) -> bytes:
    """The next one; empty at the end, and also where the file does not go on as it should."""
    head = file.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else 0
    return file.read(length) if length <= _PIECE + _TAG else b""


def _opened(cipher: AESGCM, nonce: bytes, piece: bytes, header: bytes, *, first: bool) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return cipher.decrypt(nonce, piece, header)
    except (InvalidTag, ValueError):
        if first:
            raise SecretError(_("the passphrase is not the one of this backup, or the file is damaged")) from None
        raise SecretError(_("the backup is damaged or cut off; take another copy")) from None


def _cipher(passphrase: str, salt: bytes, cost: int) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return AESGCM(Scrypt(salt=salt, length=32, n=1 << cost, r=8, p=1).derive(passphrase.encode()))
