"""The desk's socket: where it lies, and who may come to it."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

__all__ = ["bind"]

_BACKLOG = 128


def bind(path: Path) -> socket.socket:
    """The listening socket, in place of what an earlier desk left there. Anybody may connect: the desk asks who he is.

    OSError where it cannot be made.
    """
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # The place of a socket is limited to 107 bytes; a state folder may lie deeper.
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        listening.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)
    path.chmod(0o666)
    listening.listen(_BACKLOG)
    listening.setblocking(False)
    return listening
