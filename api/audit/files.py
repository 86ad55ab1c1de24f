"""Files of checkpoints, a line each: only ever added to at their end, whole lines, by one writer after the other."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from api.audit.checkpoint import Checkpoint, lines_of
from inventory.errors import StoreError
from inventory.sentence import say
from inventory.words import noted as N_

__all__ = ["append", "newest", "read", "replace"]

_TAIL = 8192
"""Bytes that hold the newest checkpoint, and more."""


def read(file: Path) -> tuple[Checkpoint, ...]:
    """The checkpoints in a file, without a last line that a crash has cut short; none where there is no file."""
    return lines_of(_whole_lines(file, 0), str(file))


def newest(file: Path) -> Checkpoint | None:
    """The last one, without reading the others."""
    lines = _whole_lines(file, _TAIL).splitlines()
    return lines_of(lines[-1], str(file))[0] if lines else None


def append(file: Path, checkpoints: Sequence[Checkpoint]) -> None:
    """All of them or none, on the disk when it returns. A line that a crash has cut short is taken away first."""
    with _translated(file), os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o640), "r+b") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        end = opened.read().rfind(b"\n") + 1
        opened.seek(end)
        opened.truncate()
        try:
            opened.write(_text(checkpoints))
            opened.flush()
            os.fsync(opened.fileno())
        except OSError:
            os.ftruncate(opened.fileno(), end)
            raise


def replace(file: Path, checkpoints: Sequence[Checkpoint]) -> None:
    """Put these in the place of what a file holds."""
    fresh = file.with_name(f".{file.name}.new")
    with _translated(file):
        fresh.write_bytes(_text(checkpoints))
        fresh.replace(file)


def _text(checkpoints: Sequence[Checkpoint]) -> bytes:
    return "".join(f"{one.model_dump_json()}\n" for one in checkpoints).encode()


def _whole_lines(file: Path, tail: int) -> str:
    """The lines of a file; with `tail` those that begin in its last bytes."""
    with _translated(file):
        try:
            with file.open("rb") as opened:
                size = opened.seek(0, os.SEEK_END)
                start = max(0, size - tail) if tail else 0
                opened.seek(start)
                text = opened.read()
        except FileNotFoundError:
            return ""
    begin = text.find(b"\n") + 1 if start else 0
    return text[begin : text.rfind(b"\n") + 1].decode(errors="replace")


@contextmanager
def _translated(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        text = N_("{file}: checkpoints cannot be kept there: {why}")
        raise StoreError(say(text, file=file, why=error.strerror)) from error
