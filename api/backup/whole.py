"""A backup as a whole: made and read again before it counts, and restored where there is nothing yet."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from api.backup.model import Manifest, Root
from api.backup.reading import into, nowhere, read
from api.backup.sealed import Sealer
from api.backup.taking import Sources, collected, pack, staged
from inventory.errors import ConflictError, InputError, SecretError
from inventory.words import gettext as _

__all__ = ["check", "restore", "take"]


def take(sources: Sources, file: Path, passphrase: str, about: Callable[[Path | None], Manifest]) -> Manifest:
    """Make a backup. The file is there only once it has been written, read again and found to be whole.

    `about` fills in the manifest, given the copy of the ledger's file if there is one. InputError when the file is
    there already or cannot be written, StoreError when a database cannot be read.
    """
    if file.exists():
        raise InputError(_("{path} is there already; name a new file").format(path=file))
    part = file.with_name(file.name + ".part")
    with _cleared(part), staged(_beside(sources)) as staging:
        try:
            taken = collected(sources, Path(staging))
            of_ledger = (one.source for one in taken if one.path.startswith(f"{Root.LEDGER}/") and one.copied)
            ledger = next(of_ledger, None)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                manifest = pack(taken, about(ledger), Sealer(opened, passphrase))
                opened.flush()
                os.fsync(opened.fileno())
            if check(part, passphrase) != manifest:
                raise SecretError(_("the backup that was just written cannot be read again; is the disk sound?"))
            part.rename(file)
        except OSError as error:
            text = _("the backup cannot be made: {path}: {why}")
            raise InputError(text.format(path=error.filename or file, why=error.strerror)) from error
    return manifest


def check(file: Path, passphrase: str) -> Manifest:
    """What a backup says of itself, when all of it is as it was written; SecretError when it is not."""
    try:
        with file.open("rb") as opened:
            return read(opened, passphrase, nowhere)
    except OSError as error:
        raise InputError(_("{path} cannot be read: {why}").format(path=file, why=error.strerror)) from error


def restore(file: Path, passphrase: str, roots: Mapping[Root, Path]) -> Manifest:
    """Put everything back where nothing is: all of it, or nothing.

    ConflictError when there is something in one of the roots, SecretError for another passphrase or a damaged file.
    """
    for folder in roots.values():
        if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
            text = _("there is something in {folder}: a backup is restored only where nothing is; put it aside first")
            raise ConflictError(text.format(folder=folder))
    try:
        with _beside_each(roots) as new, file.open("rb") as opened:
            manifest = read(opened, passphrase, into(new))
            for root, folder in roots.items():
                if new[root].exists():
                    _put(new[root], folder, 0o755 if root is Root.INVENTORY else 0o700)
    except OSError as error:
        text = _("the backup cannot be restored: {path}: {why}")
        raise InputError(text.format(path=error.filename or file, why=error.strerror)) from error
    return manifest


def _put(new: Path, folder: Path, mode: int) -> None:
    """Whose it is and who else may go in, the next `fosa serve` sees to."""
    new.chmod(mode)
    if folder.exists():
        folder.rmdir()
    new.rename(folder)


def _beside(sources: Sources) -> Path:
    """The work's own folder: what lies there unsealed for a moment is closed to everybody else."""
    for root in (Root.WORK, Root.LEDGER):
        if root in sources.roots and sources.roots[root].is_dir():
            return sources.roots[root]
    raise InputError(_("there is nothing to be kept: fosa serve has not worked in this state folder yet"))


@contextlib.contextmanager
def _beside_each(roots: Mapping[Root, Path]) -> Iterator[dict[Root, Path]]:
    """A new folder on the disk of each root; what is still there in the end is taken away."""
    made: dict[Path, Path] = {}
    try:
        for folder in roots.values():
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.parent not in made:
                made[folder.parent] = Path(tempfile.mkdtemp(prefix=".restoring-", dir=folder.parent))
        yield {root: made[folder.parent] / root.value for root, folder in roots.items()}
    finally:
        for folder in made.values():
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _cleared(part: Path) -> Iterator[None]:
    """Whatever happens, nothing half-written stays."""
    try:
        yield
    finally:
        part.unlink(missing_ok=True)
