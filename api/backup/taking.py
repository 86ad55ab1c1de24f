"""Taking a backup: snapshots of the databases, every file of the state and the inventory, sealed as it is read."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from api.backup.model import Manifest, Member, Root
from api.backup.sealed import Sealer
from api.store.copy import is_database, snapshot

__all__ = ["MANIFEST", "Sources", "Taken", "collected", "pack", "staged"]

MANIFEST = "manifest.json"
"""The last member: what all the others must be."""
_BESIDE = ("-wal", "-shm", "-journal")
_PASSING = (".lock", ".new", ".part")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where each root lies. One that is not there is not in the backup."""

    roots: dict[Root, Path]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A file to be put into the backup: its name there, and where its text is read from."""

    path: str
    source: Path
    mode: int
    copied: bool
    """It is a database, and `source` a copy of it."""


def collected(sources: Sources, staging: Path) -> tuple[Taken, ...]:
    """Everything to be taken. Databases are copied into `staging` first, the engine's before the ledger: what the
    ledger tells is never older than what the engine believes. StoreError for one that cannot be read whole.
    """
    found = [
        (f"{root}/{path.relative_to(folder)}", path) for root, folder in _there(sources) for path in _below(folder)
    ]
    databases = [(name, path) for name, path in found if path.is_file() and is_database(path)]
    skipped = {path.with_name(path.name + ending) for _name, path in databases for ending in _BESIDE}
    copies = {}
    for number, (name, path) in enumerate(databases):
        copies[name] = staging / str(number)
        snapshot(path, copies[name])
    return tuple(
        Taken(name, copies.get(name, path), stat.S_IMODE(path.stat().st_mode), copied=name in copies)
        for name, path in found
        if path not in skipped
    )


def pack(taken: Iterable[Taken], manifest: Manifest, sealer: Sealer) -> Manifest:
    """Write it all, the manifest last; the manifest with its members. OSError when a file cannot be read or written."""
    members = []
    with tarfile.open(fileobj=sealer, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]  # only write() is used
        for one in taken:
            members.append(_put(tar, one))
        manifest = manifest.model_copy(update={"members": tuple(members)})
        text = manifest.model_dump_json().encode()
        tar.addfile(_info(MANIFEST, len(text), 0o600), io.BytesIO(text))
    sealer.close()
    return manifest


def staged(beside: Path) -> tempfile.TemporaryDirectory[str]:
    """A private folder for the time of a backup, on the disk where the databases are."""
    return tempfile.TemporaryDirectory(prefix="backup-", suffix=".part", dir=beside)


def _there(sources: Sources) -> Iterator[tuple[Root, Path]]:
    for root in Root:
        folder = sources.roots.get(root)
        if folder is not None and folder.is_dir():
            yield root, folder


def _below(folder: Path) -> list[Path]:
    """Files, and folders in which there is nothing. Of a git repository the names first, then the objects: what a name
    says is there is there.
    """
    found = [path for path in folder.rglob("*") if not _passing(path.relative_to(folder)) and _is_kept(path)]
    return sorted(found, key=lambda path: ("objects" in path.relative_to(folder).parts, path))


def _is_kept(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and not path.is_symlink() and not any(path.iterdir()))


def _passing(path: Path) -> bool:
    return any(part.endswith(_PASSING) for part in path.parts)


def _put(tar: tarfile.TarFile, one: Taken) -> Member:
    if one.source.is_dir():
        info = _info(one.path, 0, one.mode)
        info.type = tarfile.DIRTYPE
        tar.addfile(info)
        return Member(path=one.path, size=0, mode=one.mode, sha256="")
    descriptor = os.open(one.source, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        size = os.fstat(descriptor).st_size
        reader = _Hashing(file)
        tar.addfile(_info(one.path, size, one.mode), reader)  # type: ignore[arg-type]  # only read() is used
    return Member(path=one.path, size=size, mode=one.mode, sha256=reader.digest)


def _info(name: str, size: int, mode: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, mode
    return info


class _Hashing:
    """A file that is hashed as it is read."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size: int) -> bytes:
        """The next bytes."""
        data = self._file.read(size)
        self._hash.update(data)
        return data

    @property
    def digest(self) -> str:
        """Of what was read."""
        return self._hash.hexdigest()
