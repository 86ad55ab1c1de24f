"""Taking a backup: snapshots of the databases, every file of the state and the inventory, sealed as it is read."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import stat
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from api.backup.model import Dumped, Manifest, Member, Part, Root
from api.backup.sealed import Sealer
from api.store.copy import is_database, snapshot
from api.store.dump import Server, dump

__all__ = ["MANIFEST", "Collection", "OnServer", "Sources", "Taken", "collected", "pack", "staged"]

MANIFEST = "manifest.json"
"""The last member: what all the others must be."""
_BESIDE = ("-wal", "-shm", "-journal")
_PASSING = (".lock", ".new", ".part")


@dataclass(frozen=True, slots=True)
class OnServer:
    """A database on a server, and what of fosa's is in it."""

    parts: tuple[Part, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Where each root lies; one that is not there is not in the backup. And what lies on servers, in the order of
    `Part`.
    """

    roots: dict[Root, Path]
    servers: tuple[OnServer, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A file to be put into the backup: its name there, and where its text is read from."""

    path: str
    source: Path
    mode: int
    copied: bool
    """It is a database, and `source` a copy of it."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Everything to be taken."""

    files: tuple[Taken, ...]
    dumps: tuple[Dumped, ...]

    @property
    def ledger(self) -> Path | None:
        """The copy of the ledger's file, if it is one."""
        ours = (one.source for one in self.files if one.path.startswith(f"{Root.LEDGER}/") and one.copied)
        return next(ours, None)


def collected(sources: Sources, staging: Path) -> Collection:
    """Copy into `staging` whatever is written meanwhile, so that it fits together: checkpoints first, which speak of
    records in the ledger; then the engine's database before the ledger; then the names of the history, which the
    ledger speaks of; and what a name says is there is there. StoreError for a database that cannot be read whole.
    """
    copies: dict[str, Path] = {}
    _freeze(sources, copies, staging, _is_checkpoints)
    dumps, databases = _databases(sources, copies, staging)
    _freeze(sources, copies, staging, _is_name)
    skipped = {path.with_name(path.name + ending) for path in databases.values() for ending in _BESIDE}
    files = [
        Taken(name, copies.get(name, path), stat.S_IMODE(path.stat().st_mode), copied=name in databases)
        for name, path in _found(sources)
        if path not in skipped
    ]
    files += [Taken(dump.path, copies[dump.path], 0o600, copied=True) for dump in dumps]
    return Collection(tuple(files), dumps)


def _databases(sources: Sources, copies: dict[str, Path], staging: Path) -> tuple[tuple[Dumped, ...], dict[str, Path]]:
    """Take them in order, wherever they lie: those of servers, and the files by their names."""
    files = {name: path for name, path in _found(sources) if path.is_file() and is_database(path)}
    dumps: list[Dumped] = []
    for part, root in ((Part.ENGINE, Root.WORK), (Part.LEDGER, Root.LEDGER), (Part.STORE, Root.STORE)):
        for one in (each for each in sources.servers if each.parts[0] is part):
            path = f"{Root.DATABASES}/{part}.dump"
            copies[path] = staging / str(len(copies))
            dumps.append(Dumped(path=path, parts=one.parts, program=dump(Server.at(one.url), copies[path])))
        _snapshots({name: path for name, path in files.items() if name.startswith(f"{root}/")}, copies, staging)
    _snapshots({name: path for name, path in files.items() if name not in copies}, copies, staging)
    return tuple(dumps), files


def _snapshots(files: dict[str, Path], copies: dict[str, Path], staging: Path) -> None:
    for name, path in files.items():
        copies[name] = staging / str(len(copies))
        snapshot(path, copies[name])


def _freeze(sources: Sources, copies: dict[str, Path], staging: Path, wanted: Callable[[Path], bool]) -> None:
    for name, path in _found(sources):
        if path.is_file() and wanted(path):
            copies[name] = staging / str(len(copies))
            shutil.copyfile(path, copies[name])


def _is_checkpoints(path: Path) -> bool:
    return path.suffix == ".ndjson"


def _is_name(path: Path) -> bool:
    """Whether it belongs to a git repository, and is no object."""
    folders = [parent.name for parent in path.parents]
    return any(name.endswith(".git") for name in folders) and "objects" not in folders


def _found(sources: Sources) -> Iterator[tuple[str, Path]]:
    for root, folder in _there(sources):
        yield from ((f"{root}/{path.relative_to(folder)}", path) for path in _below(folder))


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
    """Files, and folders in which there is nothing."""
    found = (path for path in folder.rglob("*") if not _passing(path.relative_to(folder)) and _is_kept(path))
    return sorted(found)


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
