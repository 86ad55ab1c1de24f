"""Network namespaces: made and removed by name, and entered for a moment by a thread."""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread
from typing import TypeVar

from inventory.errors import LabError
from inventory.words import gettext as _

__all__ = ["FOLDER", "batch", "create", "delete", "enter", "existing", "inside", "path"]

FOLDER = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_T = TypeVar("_T")


def path(name: str) -> Path:
    """Where a namespace of this name is held."""
    return FOLDER / name


def batch(lines: Iterable[str], namespace: str | None = None) -> None:
    """Give `ip` many lines at once, inside a namespace when one is named. Raises LabError at the first it refuses."""
    inside_of = ["-n", namespace] if namespace else []
    text = "\n".join(lines) + "\n"
    done = subprocess.run(["ip", *inside_of, "-batch", "-"], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(_("the network of the lab cannot be built: {why}").format(why=done.stderr.strip()))


def create(names: Iterable[str]) -> None:
    """Make namespaces, their loopback up."""
    names = tuple(names)
    batch(f"netns add {name}" for name in names)
    for name in names:
        batch(["link set lo up"], name)


def delete(names: Iterable[str]) -> None:
    """Remove the namespaces that exist, with every link inside them."""
    present = existing()
    if gone := [name for name in names if name in present]:
        batch(f"netns del {name}" for name in gone)


def existing(prefix: str = "") -> frozenset[str]:
    """The names that exist and begin so."""
    try:
        return frozenset(entry.name for entry in FOLDER.iterdir() if entry.name.startswith(prefix))
    except FileNotFoundError:
        return frozenset()


def inside(name: str, function: Callable[[], _T]) -> _T:
    """What the function returns when called inside a namespace.

    It runs in a thread of its own that ends at once: the caller never leaves its namespace, and the sockets made by the
    function stay in the one they were made in.
    """
    results: list[_T] = []
    errors: list[BaseException] = []

    def within() -> None:
        try:
            enter(path(name))
            results.append(function())
        except BaseException as error:  # noqa: BLE001  carried over to the caller's thread, never swallowed
            errors.append(error)

    thread = Thread(target=within)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def enter(where: Path) -> None:
    """Move the calling thread into a namespace, for good."""
    # os.setns is there only from Python 3.12 on.
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(where, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if libc.setns(descriptor, _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(where))
    finally:
        os.close(descriptor)
