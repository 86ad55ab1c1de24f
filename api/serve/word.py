"""The word of maintenance: a reason in a file, set and taken back by `fosa maintenance`."""

from __future__ import annotations

from pathlib import Path

from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["REASON_LENGTH", "begin", "end", "reason_of"]

REASON_LENGTH = 300


def reason_of(file: Path) -> str:
    """Why the office is in maintenance; empty when it is not. A file that cannot be read counts as a reason."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{file.name}: {error.strerror}"
    return "".join(c for c in text.strip() if c.isprintable())[:REASON_LENGTH] or "?"


def begin(file: Path, reason: str) -> None:
    """Say that the office is in maintenance. InputError when the reason is no line of text, or cannot be written."""
    if not reason.strip() or len(reason) > REASON_LENGTH or not reason.isprintable():
        text = _("the reason is one line of 1 to {n} characters")
        raise InputError(text.format(n=REASON_LENGTH))
    new = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(reason.strip() + "\n", encoding="utf-8")
        new.chmod(0o644)
        new.replace(file)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error


def end(file: Path) -> None:
    """Say that maintenance is over; fine when there was none."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}") from error
