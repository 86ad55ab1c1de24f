"""The manager's two key pairs: made where the inventory says they lie, when they are not there yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import SecretError
from inventory.model import Access, Device, Login, Office
from inventory.secrets import SecretStore
from inventory.words import gettext as _
from templates.render import ManagerKeys

__all__ = ["READ_KEY", "WRITE_KEY", "Made", "access_of", "manager_keys"]

READ_KEY = "file:secrets/manager-read"
WRITE_KEY = "file:secrets/manager-write"
"""Where the manager's private keys lie when the inventory does not say it for any device."""


@dataclass(frozen=True, slots=True)
class Made:
    """The two public keys, and the references of those whose pair was made just now."""

    keys: ManagerKeys
    new: tuple[str, ...]


def access_of(office: Office, device: Device) -> Access:
    """How the device is reached: as the inventory says, else by day 0's accounts with the keys of the other devices."""
    if (known := office.access_to(device.name)) is not None:
        return known
    if device.address is None:
        raise SecretError(_("{device} has no address to be reached at").format(device=device.name))
    other = office.access[0] if office.access else None
    read, write = (other.read.key, other.write.key) if other else (READ_KEY, WRITE_KEY)
    return Access(
        device=device.name,
        read=Login(address=device.address, user="fosa-read", key=read),
        write=Login(address=device.address, user="fosa-write", key=write),
    )


def manager_keys(access: Access, secrets: SecretStore) -> Made:
    """The public halves; a pair that does not exist is made, its private half a file of mode 0600 (`file:` only)."""
    new = tuple(ref for ref in dict.fromkeys((access.read.key, access.write.key)) if _make(ref, secrets.folder))
    read, write = _public(access.read.key, secrets), _public(access.write.key, secrets)
    if read == write:
        message = _("{device}: the read and the write account must have different keys, not both {ref}")
        raise SecretError(message.format(device=access.device, ref=access.read.key))
    return Made(ManagerKeys(read=read, write=write), new)


def _make(ref: str, folder: Path) -> bool:
    kind, _colon, rest = ref.partition(":")
    target = folder / rest
    if kind != "file" or target.exists() or target.is_symlink():
        return False
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    text = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        message = _("{ref}: the manager's key cannot be written: {why}")
        raise SecretError(message.format(ref=ref, why=error.strerror)) from error
    return True


def _public(ref: str, secrets: SecretStore) -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_private_key

    text = secrets.get(ref).get_secret_value()
    try:
        public = load_ssh_private_key(text.encode(), password=None).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # From None: the cause could quote what it was reading.
        raise SecretError(_("{ref}: not a private SSH key without a passphrase").format(ref=ref)) from None
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
