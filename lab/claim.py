"""Who owns a lab: a lock in its folder, and its name on the machine."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from dataclasses import dataclass

from inventory.errors import LabError
from inventory.words import gettext as _
from lab.paths import LabPaths

__all__ = ["Claim", "claim", "owned"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Ownership of a lab: open descriptors that end with the process, or with the last one they were handed to."""

    descriptors: tuple[int, ...]

    def release(self) -> None:
        """Give this process's share of the ownership up."""
        for descriptor in self.descriptors:
            os.close(descriptor)


def claim(paths: LabPaths) -> Claim | None:
    """Become the owner of a lab; None while somebody else is.

    Raises LabError when a lab of this name lives in another state folder: their namespaces would have the same names.
    """
    paths.folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(paths.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return Claim((lock, _take_name(paths)))
    except BlockingIOError:
        os.close(lock)
        return None
    except BaseException:
        os.close(lock)
        raise


def owned(paths: LabPaths) -> bool:
    """Whether somebody owns the lab; asked with a shared lock, so that two who ask do not mistake each other."""
    try:
        with paths.lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _take_name(paths: LabPaths) -> int:
    """Hold the lab's name on this machine: an abstract socket, which is no file and ends with its last descriptor."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as name:
        try:
            name.bind(f"\0{paths.prefix}owner")
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            text = _("a lab {name} from another state folder stands on this machine; choose another name")
            raise LabError(text.format(name=paths.name)) from error
        return name.detach()
