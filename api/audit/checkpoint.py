"""A checkpoint: how far the chain was at a moment, signed. What it covers cannot be rewritten or cut off unseen."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from api.keyfile import KeyFile
from inventory.errors import InputError
from inventory.model.base import Value
from inventory.words import gettext as _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = ["Checkpoint", "Signer", "key_id", "lines_of", "public_keys", "signed"]


class Checkpoint(Value):
    """Signed by one office's work. A line of JSON wherever it is kept."""

    office: str
    number: int
    """Of the newest entry then."""
    hash: str
    at: dt.datetime
    key: str
    """Which key has signed it (`key_id`)."""
    signature: str = ""
    """Ed25519 over everything else, base64."""

    @property
    def payload(self) -> bytes:
        """What is signed: canonical JSON, with its purpose so that it stands for nothing else."""
        said = {"fosa": "checkpoint", **self.model_dump(mode="json", exclude={"signature"})}
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Signer:
    """The work's own key for checkpoints."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet; the key is made with the first checkpoint."""
        self._key = KeyFile(folder / "audit.key")

    @property
    def there(self) -> bool:
        """Whether there is a key."""
        return self._key.file.exists()

    def sign(self, office: str, last: tuple[int, str], at: dt.datetime) -> Checkpoint:
        """A checkpoint at the entry with this number and hash."""
        key = self._private()
        bare = Checkpoint(office=office, number=last[0], hash=last[1], at=at, key=key_id(key.public_key()))
        return bare.model_copy(update={"signature": base64.b64encode(key.sign(bare.payload)).decode()})

    def public(self) -> str:
        """The public half, PEM; made with the key when there is none yet."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        raw = self._private().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return raw.decode()

    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._key.made())


def key_id(key: Ed25519PublicKey) -> str:
    """What a public key is called: sixteen figures of its SHA-256."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def public_keys(texts: Iterable[str]) -> Mapping[str, Ed25519PublicKey]:
    """Public keys in PEM, by what they are called; InputError for what is none."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    found: dict[str, Ed25519PublicKey] = {}
    for text in texts:
        try:
            key = load_pem_public_key(text.encode())
        except (ValueError, UnsupportedAlgorithm) as error:
            raise InputError(_("this is no public key in PEM")) from error
        if not isinstance(key, Ed25519PublicKey):
            raise InputError(_("this is a public key, but none of Ed25519"))
        found[key_id(key)] = key
    return found


def signed(checkpoint: Checkpoint, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    """Whether one of these keys has signed it."""
    from cryptography.exceptions import InvalidSignature

    key = keys.get(checkpoint.key)
    if key is None:
        return False
    try:
        key.verify(base64.b64decode(checkpoint.signature, validate=True), checkpoint.payload)
    except (InvalidSignature, ValueError):
        return False
    return True


def lines_of(text: str, name: str) -> tuple[Checkpoint, ...]:
    """The checkpoints of a file's text, in its order; InputError names the line that is none."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            found.append(Checkpoint.model_validate_json(line))
        except ValueError as error:
            text = _("{file}: line {n} is no checkpoint")
            raise InputError(text.format(file=name, n=number)) from error
    return tuple(found)
