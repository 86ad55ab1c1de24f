"""Texts for libraries that take nothing but the name of a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["scratch"]


@contextmanager
def scratch(text: str) -> Iterator[str]:
    """A file of this process alone: on no disk, for nobody else to open, and gone with the process however that ends.

    What is not ASCII becomes a question mark.
    """
    descriptor = os.memfd_create("fosa")
    try:
        os.fchmod(descriptor, 0o600)
        with os.fdopen(os.dup(descriptor), "w", encoding="ascii", errors="replace") as file:
            file.write(text)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)
