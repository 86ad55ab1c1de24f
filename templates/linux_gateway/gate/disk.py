"""Files and names that last: what is written here is still there after a power cut."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path


def write(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a new file that is on the disk when this returns."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(descriptor, mode)
        file.write(text)
        file.flush()
        os.fsync(descriptor)


def sync(folder: Path) -> None:
    """Make the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def newest(folder: Path, keep: int) -> None:
    """Remove all but the newest entries of a folder."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.stat().st_mtime)[:-keep]:
        shutil.rmtree(entry, ignore_errors=True)
