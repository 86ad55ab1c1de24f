"""A backup as a whole: made and read again before it counts, and restored where there is nothing yet."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from api.backup.model import Manifest, Part, Root
from api.backup.reading import into, nowhere, read
from api.backup.sealed import Sealer
from api.backup.taking import Sources, collected, pack, staged
from api.store.dump import Server
from api.store.dump import restore as restored
from inventory.errors import ConflictError, InputError, SecretError, StoreError
from inventory.sentence import say
from inventory.words import gettext as _
from inventory.words import noted as N_

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
            collection = collected(sources, Path(staging))
            manifest = about(collection.ledger).model_copy(update={"dumps": collection.dumps})
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                manifest = pack(collection.files, manifest, Sealer(opened, passphrase))
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


def restore(file: Path, passphrase: str, places: Sources) -> Manifest:
    """Put everything back where nothing is: all of it, or nothing.

    ConflictError when there is something in one of the places, SecretError for another passphrase or a damaged file,
    InputError when the backup has other things on servers than these places.
    """
    for folder in places.roots.values():
        if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
            raise _occupied(str(folder))
    for one in places.servers:
        if not (found := Server.at(one.url)).empty:
            raise _occupied(found.place.shown)
    try:
        with _beside_each(places.roots) as new, file.open("rb") as opened:
            manifest = read(opened, passphrase, into(new))
            _put_on_servers(manifest, places, new[Root.DATABASES])
            for root, folder in places.roots.items():
                if new[root].exists():
                    _put(new[root], folder, 0o755 if root is Root.INVENTORY else 0o700)
    except OSError as error:
        text = _("the backup cannot be restored: {path}: {why}")
        raise InputError(text.format(path=error.filename or file, why=error.strerror)) from error
    return manifest


def _occupied(place: str) -> ConflictError:
    text = _("there is something in {folder}: a backup is restored only where nothing is; put it aside first")
    return ConflictError(text.format(folder=place))


def _put_on_servers(manifest: Manifest, places: Sources, dumps: Path) -> None:
    """Everything has been read and is whole by now."""
    held, here = [each.parts for each in manifest.dumps], [one.parts for one in places.servers]
    if set(held) != set(here):
        text = _(
            "the backup has on servers: {held}; here that would be: {here}. Set FOSA_STORE, FOSA_LEDGER and "
            "FOSA_WORK_STORE as they were then, to empty databases"
        )
        raise InputError(text.format(held=_spoken(held), here=_spoken(here)))
    urls, done = {one.parts: one.url for one in places.servers}, list[str]()
    for each in manifest.dumps:
        server = Server.at(urls[each.parts])
        try:
            restored(server, dumps / PurePosixPath(each.path).name, each.program)
        except StoreError as error:
            if not done:
                raise
            text = N_("{why}; nothing else was restored but {done}: empty that again before the next try")
            raise StoreError(say(text, why=error, done=", ".join(done))) from error
        done.append(server.place.shown)


def _spoken(databases: Iterable[tuple[Part, ...]]) -> str:
    return "; ".join(" + ".join(parts) for parts in databases) or "-"


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
        # What has no place here is read, too, and found not to belong.
        anywhere = next(iter(made.values()))
        yield {root: made[roots[root].parent] / root if root in roots else anywhere / root for root in Root}
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
