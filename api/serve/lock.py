"""Who serves from a place: one at a time, and known by its number."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator

from api.serve.place import Place
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["locked", "owner"]


def owner(place: Place) -> int | None:
    """The process that serves from a place, or None."""
    try:
        with place.lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
    except BlockingIOError:
        return int(place.lock.read_text() or 0) or None
    except OSError:
        return None


@contextlib.contextmanager
def locked(place: Place) -> Iterator[None]:
    """Hold the place for as long as it takes; InputError while somebody else does."""
    try:
        descriptor = os.open(place.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        text = _("{path}: cannot be used by fosa serve: {why}")
        raise InputError(text.format(path=place.lock, why=error.strerror)) from error
    with os.fdopen(descriptor, "r+") as file:
        if not _taken(file.fileno()):
            text = _("process {pid} serves from {folder} already")
            raise InputError(text.format(pid=file.read() or "?", folder=place.folder))
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def _taken(lock: int) -> bool:
    """Somebody who only asks whether the lock is held has it for a moment, too."""
    for pause in (0.02, 0.05, 0.1, 0.0):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(pause)
    return False
