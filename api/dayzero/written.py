"""An edit of the inventory on the disk: all of it or nothing, and taken back when the inventory has errors then."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from api.edit import Edit
from inventory.errors import ConflictError, InputError, InventoryError
from inventory.folder import read
from inventory.load import load
from inventory.model import Office
from inventory.words import gettext as _

__all__ = ["write"]


def write(edit: Edit) -> Office:
    """Put the edited file into its place; the office as it is then.

    ConflictError when the file is not what the edit was made from; InventoryError, with the old file in its place
    again, when the inventory has errors with the new one.
    """
    path = edit.folder / edit.name
    now = {source.name: source.text for source in read(edit.folder).sources}.get(edit.name)
    if now != edit.before:
        raise ConflictError(_("{file} has been changed meanwhile; look again").format(file=path))
    try:
        old = path.read_bytes() if edit.before is not None else None
        _replace(path, edit.after.encode())
        loaded = load(edit.folder)
        if loaded.office is None:
            _back(path, old)
            raise InventoryError(loaded.errors)
    except OSError as error:
        raise InputError(_("{file}: cannot be written: {why}").format(file=path, why=error.strerror)) from error
    return loaded.office


def _back(path: Path, old: bytes | None) -> None:
    if old is None:
        path.unlink()
    else:
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
