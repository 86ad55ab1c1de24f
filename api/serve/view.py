"""What of the machine a part sees: the folders it works with, also where they lie in a folder closed to its account.

A part without privileges must still reach Python's own files, the run folder and the store. Where a folder above them
is closed (`/root` is), the part gets a mount namespace of its own in which an empty folder stands in its place, with
nothing in it but what the part needs: of root's home it then sees less than before, not more.

A part that needs no network gets one of its own with nothing in it: what it was handed, and files, is all it has.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from api.serve.accounts import Account
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["open_view", "python_folders"]

_CLONE_NEWNS, _CLONE_NEWNET = 0x00020000, 0x40000000
_MS_BIND, _MS_REC, _MS_SLAVE = 0x1000, 0x4000, 1 << 19
_MS_NOSUID, _MS_NODEV = 2, 4

_libc = ctypes.CDLL(None, use_errno=True)


def python_folders() -> tuple[Path, ...]:
    """Where Python finds what is imported, also later."""
    roots = (Path(root) for root in {sys.prefix, sys.base_prefix, *filter(None, sys.path)})
    return tuple(root for root in roots if root.is_dir())


def open_view(account: Account, needed: Iterable[Path], *, networked: bool) -> None:
    """Let the account reach the needed folders, by giving this process a view of its own where they are closed off.

    As root, before `drop`. InputError where the machine does not allow it.
    """
    if not networked:
        with contextlib.suppress(OSError):  # a container may forbid it; the account and its rights are what counts
            _call("unshare", _CLONE_NEWNET)
    closed: dict[Path, list[Path]] = {}
    # By the name it is called and by its real one: a link on the way may lead through a closed folder.
    for folder in sorted({name for one in needed for name in (one.absolute(), one.resolve())}):
        if (wall := _closed_above(folder, account)) is not None:
            closed.setdefault(wall, []).append(folder)
    if not closed:
        return
    try:
        _call("unshare", _CLONE_NEWNS)
        # What the machine mounts and unmounts is still seen; what is mounted here is not seen by it.
        _mount(None, Path("/"), None, _MS_REC | _MS_SLAVE)
        for wall, folders in closed.items():
            _replace(wall, folders)
    except OSError as error:
        text = _("the account {name} cannot reach {folder}: {why}; put the state folder (FOSA_STATE) where it can")
        wall = next(iter(closed))
        raise InputError(text.format(name=account.name, folder=wall, why=error.strerror)) from error


def _closed_above(folder: Path, account: Account) -> Path | None:
    """The topmost folder above (or the folder itself) that the account may not pass through."""
    for above in (*reversed(folder.parents), folder):
        found = above.stat()
        wanted = stat.S_IXOTH
        if found.st_uid == account.uid:
            wanted = stat.S_IXUSR
        elif found.st_gid == account.gid:
            wanted = stat.S_IXGRP
        if not found.st_mode & wanted:
            # Its own folder closed to it is a fault of its own, which a view would only hide.
            return above if above != folder else None
    return None


def _replace(wall: Path, folders: list[Path]) -> None:
    """An empty folder over `wall`, and in it the folders of the list, as they were."""
    held = {folder: os.open(folder, os.O_PATH | os.O_DIRECTORY) for folder in _topmost(folders)}
    _mount("tmpfs", wall, "mode=0755,size=1m", _MS_NOSUID | _MS_NODEV)
    umask = os.umask(0o022)
    for folder, descriptor in held.items():
        folder.mkdir(parents=True)
        _mount(f"/proc/self/fd/{descriptor}", folder, None, _MS_BIND | _MS_REC)
        os.close(descriptor)
    os.umask(umask)


def _topmost(folders: list[Path]) -> list[Path]:
    return [folder for folder in folders if not any(other in folder.parents for other in folders)]


def _mount(source: str | None, target: Path, options: str | None, flags: int) -> None:
    kind = b"tmpfs" if source == "tmpfs" else None
    words = (source.encode() if source else None, os.fsencode(target), kind)
    _call("mount", *words, ctypes.c_ulong(flags), options.encode() if options else None)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
