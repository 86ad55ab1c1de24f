"""Opening ansible-vault files (formats 1.1 and 1.2, AES256) without Ansible."""

from __future__ import annotations

import hashlib
import hmac
from binascii import Error as HexError
from binascii import unhexlify

from inventory.errors import SecretError
from inventory.words import gettext as _

__all__ = ["decrypt"]

_ITERATIONS = 10_000  # fixed by the format
_HEADERS = ((b"$ANSIBLE_VAULT", b"1.1", b"AES256"), (b"$ANSIBLE_VAULT", b"1.2", b"AES256"))


def decrypt(sealed: bytes, password: bytes) -> bytes:
    """The plain content of a vault file. Raises SecretError for another format, a damaged file or a wrong password."""
    salt, tag, ciphertext = _split(sealed)
    # One derivation gives three values: the cipher's key, the key of the HMAC and the counter's first block.
    keys = hashlib.pbkdf2_hmac("sha256", password, salt, _ITERATIONS, 80)
    if not hmac.compare_digest(hmac.digest(keys[32:64], ciphertext, "sha256"), tag):
        raise SecretError(_("the vault password is wrong, or the vault file is damaged"))
    return _plain(keys[:32], keys[64:], ciphertext)


def _split(sealed: bytes) -> tuple[bytes, bytes, bytes]:
    header, *body = sealed.split() or [b""]
    if tuple(header.split(b";")[:3]) not in _HEADERS:
        raise SecretError(_("not a vault file; make one with: ansible-vault encrypt FILE"))
    try:
        salt, tag, ciphertext = (unhexlify(part) for part in unhexlify(b"".join(body)).split(b"\n"))
    except (HexError, ValueError):
        raise SecretError(_("the vault file is damaged")) from None
    return salt, tag, ciphertext


def _plain(key: bytes, counter: bytes, ciphertext: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import CTR
    from cryptography.hazmat.primitives.padding import PKCS7

    padded = Cipher(AES(key), CTR(counter)).decryptor().update(ciphertext)
    unpadder = PKCS7(AES.block_size).unpadder()
    try:
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise SecretError(_("the vault file is damaged")) from None
