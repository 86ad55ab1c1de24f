"""The files of an inventory folder, within bounds: sizes are looked at before a byte is read, links not followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inventory.faults import Fault, Severity
from inventory.words import gettext as _

__all__ = ["FILES", "FILE_BYTES", "TOTAL_BYTES", "Folder", "Source", "read"]

FILE_BYTES = 2 * 1024 * 1024
TOTAL_BYTES = 16 * 1024 * 1024
FILES = 2000
_DEPTH = 8
_VAULT = b"$ANSIBLE_VAULT;"
_SECRETS = "secrets"


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one file; `name` is relative to the folder."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What could be read, and what could not."""

    sources: tuple[Source, ...]
    faults: tuple[Fault, ...]


class _Refused(Exception):  # noqa: N818  a reason, turned into a Fault at once
    """Why a file or folder is not read."""


def read(folder: Path) -> Folder:
    """Read every *.yaml file in the folder and its subfolders, in the order of their names. Never raises.

    Hidden files and folders are passed over, and so are ansible-vault files and the folder `secrets`: those hold
    secrets, not the office, and may be closed to who reads it.
    """
    faults: list[Fault] = []
    try:
        names = _names(folder, faults)
    except _Refused as refused:
        return Folder((), (_fault(str(folder), str(refused)),))
    sources: list[Source] = []
    left = TOTAL_BYTES
    for name in names:
        try:
            data = _read(folder / name, left)
            left -= len(data)
            if not data.startswith(_VAULT):
                sources.append(Source(name, _decode(data)))
        except _Refused as refused:
            faults.append(_fault(name, str(refused)))
    return Folder(tuple(sources), tuple(faults))


def _fault(file: str, message: str) -> Fault:
    return Fault(file, 0, "", Severity.ERROR, message)


def _names(folder: Path, faults: list[Fault]) -> list[str]:
    _check_folder(folder)
    names: list[str] = []
    for name in _walk(folder, "", faults, depth=0):
        names.append(name)
        if len(names) > FILES:
            raise _Refused(_("holds more than {files} *.yaml files").format(files=FILES))
    if not names and not faults:
        raise _Refused(_("holds no *.yaml file"))
    return sorted(names)


def _check_folder(folder: Path) -> None:
    try:
        status = folder.stat()
    except FileNotFoundError:
        raise _Refused(_("there is no such folder")) from None
    except (OSError, ValueError) as error:
        raise _Refused(_unreadable(error)) from None
    if not stat.S_ISDIR(status.st_mode):
        raise _Refused(_("is a file; an inventory is a folder of *.yaml files"))


def _walk(folder: Path, inside: str, faults: list[Fault], *, depth: int) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder / inside), key=lambda entry: entry.name)
    except OSError as error:
        faults.append(_fault(inside or str(folder), _unreadable(error)))
        return
    for entry in entries:
        name = f"{inside}{entry.name}"
        if entry.name.startswith(".") or name == _SECRETS:
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < _DEPTH:
                yield from _walk(folder, f"{name}/", faults, depth=depth + 1)
            else:
                faults.append(_fault(name, _("folders are nested more than {depth} deep").format(depth=_DEPTH)))
        elif fault := _misplaced(entry, name):
            faults.append(fault)
        elif entry.name.endswith(".yaml"):
            yield name


def _misplaced(entry: os.DirEntry[str], name: str) -> Fault | None:
    """A fault for what its owner may believe to be part of the inventory, and is not."""
    link = entry.is_symlink()
    if link and (entry.name.endswith(".yaml") or _is_folder(entry)):
        return _fault(name, _("is a symbolic link, and links are not followed; put the file itself here"))
    if entry.name.endswith(".yml"):
        return Fault(name, 0, "", Severity.WARNING, _("is not read: only *.yaml files are; rename it"))
    return None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links
        return True


def _read(path: Path, left: int) -> bytes:
    try:
        # NONBLOCK: a FIFO must not hold the reader up; NOFOLLOW: the name may have become a link meanwhile.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        raise _Refused(_unreadable(error)) from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _Refused(_("is not a regular file"))
        if status.st_size > FILE_BYTES:
            raise _Refused(
                _("is {size} MiB long; a file may have {limit} MiB").format(
                    size=round(status.st_size / 1024**2, 1), limit=FILE_BYTES // 1024**2
                )
            )
        if status.st_size > left:
            raise _Refused(_("not read: all files together may have {limit} MiB").format(limit=TOTAL_BYTES // 1024**2))
        return file.read(FILE_BYTES)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Refused(_("is not UTF-8 text (line {line})").format(line=line)) from None


def _unreadable(error: OSError | ValueError) -> str:
    why = error.strerror if isinstance(error, OSError) else str(error)
    return _("cannot be read: {why}").format(why=why)
