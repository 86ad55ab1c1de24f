"""Reading a backup: whether it is whole, and putting what is in it where nothing is yet."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from pydantic import ValidationError

from api.backup.model import Manifest, Member, Root
from api.backup.sealed import unsealed
from api.backup.taking import MANIFEST
from inventory.errors import SecretError
from inventory.words import gettext as _

__all__ = ["Sink", "into", "nowhere", "read"]

Sink = Callable[[str, int, Iterator[bytes] | None], None]
"""Takes a member: its path, its mode, its text (None: a folder). It need not take all of the text."""
_MANIFEST_LIMIT = 64 << 20
_PIECE = 1 << 20


def read(file: IO[bytes], passphrase: str, sink: Sink) -> Manifest:
    """Read a backup to its end and give each member to the sink; the manifest, when all is as it says.

    SecretError for another passphrase, and for anything in it that is not as it was written: then what the sink was
    given is worth nothing.
    """
    found: list[Member] = []
    try:
        with tarfile.open(fileobj=_Stream(unsealed(file, passphrase)), mode="r|") as tar:  # type: ignore[call-overload]  # only read() is used
            for info in tar:
                content = tar.extractfile(info) if info.isreg() else None
                if content is None and not info.isdir():
                    raise _damaged()
                if info.name == MANIFEST and content is not None:
                    return _held(Manifest.model_validate_json(content.read(_MANIFEST_LIMIT)), found)
                found.append(_member(info, content, sink))
    except (tarfile.TarError, ValidationError, EOFError) as error:
        raise _damaged() from error
    raise _damaged()


def _held(manifest: Manifest, found: list[Member]) -> Manifest:
    if manifest.members != tuple(found):
        raise _damaged()
    return manifest


def _member(info: tarfile.TarInfo, content: IO[bytes] | None, sink: Sink) -> Member:
    path = PurePosixPath(info.name)
    if path.is_absolute() or ".." in path.parts or len(path.parts) < 2 or path.parts[0] not in set(Root):
        raise _damaged()
    mode = info.mode & 0o7777
    if content is None:
        sink(info.name, mode & 0o777, None)
        return Member(path=info.name, size=0, mode=mode, sha256="")
    digest, size = hashlib.sha256(), 0

    def pieces() -> Iterator[bytes]:
        nonlocal size
        while piece := content.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            yield piece

    text = pieces()
    sink(info.name, mode & 0o777, text)
    for _rest in text:
        pass
    return Member(path=info.name, size=size, mode=mode, sha256=digest.hexdigest())


def _damaged() -> SecretError:
    return SecretError(_("the backup is damaged or cut off; take another copy"))


class _Stream:
    """Pieces as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, bytearray()

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end."""
        while len(self._held) < size and (piece := next(self._pieces, b"")):
            self._held += piece
        data = bytes(self._held[:size])
        del self._held[:size]
        return data


def nowhere(_path: str, _mode: int, _text: Iterator[bytes] | None) -> None:
    """A sink for who only wants to know whether a backup is whole."""


def into(folders: dict[Root, Path]) -> Sink:
    """A sink that writes each root into its folder, as private as it was."""

    def write(name: str, mode: int, text: Iterator[bytes] | None) -> None:
        root, _slash, path = name.partition("/")
        target = folders[Root(root)] / path
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        if text is None:
            target.mkdir(mode=mode)
            return
        with target.open("xb") as file:
            target.chmod(mode)
            for piece in text:
                file.write(piece)

    return write
