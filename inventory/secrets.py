"""Secrets by reference, read at the moment of use and never kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from pydantic import SecretStr

from inventory.errors import SecretError
from inventory.vault import decrypt
from inventory.words import gettext as _

__all__ = ["PASSWORD_FILE", "SecretStore"]

PASSWORD_FILE = "FOSA_VAULT_PASSWORD_FILE"  # noqa: S105  the name of a variable, not a password
"""The environment variable that names the file with the password of the vault files."""

_SECRET_BYTES = 64 * 1024
_PLAIN_BYTES = 1024 * 1024


class SecretStore:
    """Looks secrets up for an inventory folder. Holds none of them: every `get` reads anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """The inventory folder that `file:` and `vault:` paths start from."""
        return self._folder

    def __repr__(self) -> str:
        return f"SecretStore({str(self._folder)!r})"

    def get(self, ref: str) -> SecretStr:
        """The secret of a reference: `env:NAME`, `file:PATH` or `vault:PATH#KEY` (paths from the inventory folder).

        `public:PATH` is a file that is no secret, and may be open to others. A text of one line loses its line break.
        Raises SecretError, which never carries the secret.
        """
        kind, _colon, rest = ref.partition(":")
        readers = {
            "env": self._from_env,
            "file": self._from_file,
            "public": self._from_public,
            "vault": self._from_vault,
        }
        if kind not in readers or not rest:
            # Not quoted: what is no reference may be the secret itself.
            raise SecretError(_("a secret's reference is env:NAME, file:PATH or vault:PATH#KEY"))
        try:
            text = readers[kind](rest)
        except SecretError as error:
            # From None: a decoder's own error may quote what it was decoding.
            raise SecretError(": ".join((ref, str(error)))) from None
        if not text.strip():
            raise SecretError(_("{ref}: the secret is empty").format(ref=ref))
        return SecretStr(text)

    def _from_env(self, name: str) -> str:
        if (value := os.environ.get(name)) is None:
            raise SecretError(_("the environment variable {name} is not set").format(name=name))
        return value

    def _from_file(self, path: str) -> str:
        return _text(_read_private(self._folder / path, _SECRET_BYTES))

    def _from_public(self, path: str) -> str:
        return _text(_read_bounded(self._folder / path, _PLAIN_BYTES, private=False))

    def _from_vault(self, rest: str) -> str:
        path, _hash, key = rest.partition("#")
        if not path or not key:
            raise SecretError(_("name the file and the key: vault:PATH#KEY"))
        sealed = _read_bounded(self._folder / path, _PLAIN_BYTES, private=False)
        return _entry(_decode(decrypt(sealed, self._password())), key)

    def _password(self) -> bytes:
        if not (name := os.environ.get(PASSWORD_FILE)):
            raise SecretError(_("{name} must name the file with the vault password").format(name=PASSWORD_FILE))
        if password := _read_private(Path(name), _SECRET_BYTES).strip():
            return password
        raise SecretError(_("{path} holds no password").format(path=name))


def _entry(text: str, key: str) -> str:
    from inventory.yamltext import parse

    document = parse(text, "")
    # The faults of the plain text stay unsaid: they could quote it.
    if document.faults or not isinstance(document.value, dict):
        raise SecretError(_("what the vault file holds is not a YAML mapping"))
    value = document.value.get(key)
    if value is None:
        raise SecretError(_("the vault file has no key {key}").format(key=key))
    if not isinstance(value, str):
        raise SecretError(_("the value of {key} in the vault file is not text; put it in quotes").format(key=key))
    return value


def _read_private(path: Path, limit: int) -> bytes:
    return _read_bounded(path, limit, private=True)


def _read_bounded(path: Path, limit: int, *, private: bool) -> bytes:
    """Read a regular file of at most `limit` bytes; a private one must be closed to everybody but its owner."""
    try:
        # Not blocking: a FIFO in the place of a file would otherwise wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise SecretError(_("cannot read {path}: {why}").format(path=path, why=error.strerror)) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SecretError(_("{path} is not a file").format(path=path))
        if private and status.st_mode & 0o077:
            raise SecretError(_("{path} can be read by others; run: chmod 600 {path}").format(path=path))
        if status.st_size > limit:
            raise SecretError(_("{path} is longer than {limit} bytes").format(path=path, limit=limit))
        return file.read(limit)


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SecretError(_("the secret is not UTF-8 text")) from None


def _text(data: bytes) -> str:
    text = _decode(data)
    line = text.removesuffix("\n").removesuffix("\r")
    # A private key of many lines is kept as it is: some readers want its last line break.
    return text if "\n" in line else line
