"""The authority's private key at rest: under a passphrase by scrypt and AES-256-GCM, bound to its certificate."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Annotated

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import Field, ValidationError

from inventory.errors import InputError, RefusedError, SecretError
from inventory.model.base import Value
from inventory.words import gettext as _

__all__ = ["SHORTEST", "Sealed", "close", "read", "unseal", "write"]

SHORTEST = 12
"""Characters of a passphrase."""
_LIMIT = 64 * 1024
_COST = 2**16
"""scrypt's n with r = 8: 64 MiB and about 0.2 s a try."""


class Sealed(Value):
    """A certificate and its key, which only the passphrase opens. Fit for a disk, and for a backup."""

    format: int = 1
    certificate: str
    """PEM."""
    cost: Annotated[int, Field(ge=2**14, le=2**20)]
    salt: str
    nonce: str
    key: str
    """The sealed key: PKCS#8, DER. This and the two above in base64."""


def close(certificate: str, key: bytes, passphrase: str) -> Sealed:
    """Seal a key. InputError when the passphrase is too short to be one."""
    if len(passphrase) < SHORTEST:
        raise InputError(_("a passphrase needs at least {n} characters").format(n=SHORTEST))
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_derived(passphrase, salt, _COST)).encrypt(nonce, key, certificate.encode())
    return Sealed(certificate=certificate, cost=_COST, salt=_text(salt), nonce=_text(nonce), key=_text(sealed))


def unseal(sealed: Sealed, passphrase: str) -> bytes:
    """The key again; RefusedError for a wrong passphrase."""
    try:
        salt, nonce, key = (base64.b64decode(part, validate=True) for part in (sealed.salt, sealed.nonce, sealed.key))
        return AESGCM(_derived(passphrase, salt, sealed.cost)).decrypt(nonce, key, sealed.certificate.encode())
    except InvalidTag:
        text = _("this is not the passphrase of the authority's key, or the key has been damaged; nothing was changed")
        raise RefusedError(text) from None
    except ValueError:
        raise SecretError(_("the authority's key is damaged; bring it back: fosa keys restore FILE")) from None


def read(path: Path) -> Sealed | None:
    """What a file holds, None when there is none; SecretError when it is something else."""
    try:
        with path.open("rb") as file:
            return Sealed.model_validate_json(file.read(_LIMIT))
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        why = error.strerror if isinstance(error, OSError) else _("it holds no sealed key")
        text = _("{path}: the authority's key cannot be read: {why}; bring it back: fosa keys restore FILE")
        raise SecretError(text.format(path=path, why=why)) from None


def write(path: Path, sealed: Sealed) -> None:
    """Write it so that the file is whole at every moment; SecretError when it cannot be written."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(sealed.model_dump_json())
            file.flush()
            os.fsync(descriptor)
        fresh.replace(path)
    except OSError as error:
        raise SecretError(_("cannot write {path}: {why}").format(path=path, why=error.strerror)) from error


def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
