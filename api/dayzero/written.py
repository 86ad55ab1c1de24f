"""Edits of the inventory on the disk: all of them or nothing, and taken back when the inventory has errors then."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from inventory.edit import Edit
from inventory.errors import ConflictError, InputError, InventoryError
from inventory.folder import read
from inventory.load import load
from inventory.model import Office
from inventory.words import gettext as _

__all__ = ["write"]


def write(*edits: Edit) -> Office:
    """Put the edited files of one folder into their places; the office as it is then.

    ConflictError when a file is not what its edit was made from; InventoryError, with the old files in their places
    again, when the inventory has errors with the new ones.
    """
    folder = edits[0].folder
    now = {source.name: source.text for source in read(folder).sources}
    for edit in edits:
        if now.get(edit.name) != edit.before:
            raise ConflictError(_("{file} has been changed meanwhile; look again").format(file=folder / edit.name))
    old: dict[Path, bytes | None] = {}
    try:
        for edit in edits:
            path = folder / edit.name
            old[path] = path.read_bytes() if edit.before is not None else None
            _replace(path, edit.after.encode())
        loaded = load(folder)
        if loaded.office is None:
            _back(old)
            raise InventoryError(loaded.errors)
    except OSError as error:
        _back(old)
        file = error.filename or folder
        raise InputError(_("{file}: cannot be written: {why}").format(file=file, why=error.strerror)) from error
    return loaded.office


def _back(files: Mapping[Path, bytes | None]) -> None:
    for path, old in files.items():
        if old is None:
            path.unlink(missing_ok=True)
        elif path.read_bytes() != old:
            _replace(path, old)


def _replace(path: Path, data: bytes) -> None:
    # A hidden name: an inventory passes it over, should it stay behind.
    descriptor, name = tempfile.mkstemp(prefix=".fosa-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
            _as_before(descriptor, path)
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _as_before(descriptor: int, path: Path) -> None:
    """Mode and owner of the file that is replaced; a new one is its folder's owner's, and everybody may read it."""
    try:
        was = path.stat()
        mode = was.st_mode & 0o777
    except FileNotFoundError:
        was, mode = path.parent.stat(), 0o644
    os.fchmod(descriptor, mode)
    if os.geteuid() == 0:
        os.fchown(descriptor, was.st_uid, was.st_gid)
