"""The files by which systemd runs the three parts, each under an account of its own."""

from __future__ import annotations

import string
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["Installation", "write_units"]

_FOLDERS = {"sysusers.conf": "usr/lib/sysusers.d/fosa.conf", "tmpfiles.conf": "usr/lib/tmpfiles.d/fosa.conf"}
_SYSTEM = "usr/lib/systemd/system"
_HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108  by ProtectHome and PrivateTmp


@dataclass(frozen=True, slots=True)
class Installation:
    """What the files speak of."""

    state: Path
    inventory: Path
    port: int
    python: str


def write_units(root: Path, installation: Installation) -> tuple[Path, ...]:
    """Write them below a root (`/` to install them here); the files written, older ones replaced.

    InputError for a path that systemd would read as something else, or that cannot be written.
    """
    values = {
        "state": _seen(str(installation.state)),
        "inventory": _seen(str(installation.inventory)),
        "python": _seen(installation.python),
        "port": str(installation.port),
    }
    written = []
    try:
        for source in sorted(files("api.serve").joinpath("units").iterdir(), key=lambda entry: entry.name):
            target = root / _FOLDERS.get(source.name, f"{_SYSTEM}/{source.name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(string.Template(source.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
            written.append(target)
    except OSError as error:
        text = _("{path} cannot be written: {why}")
        raise InputError(text.format(path=error.filename, why=error.strerror)) from error
    return tuple(written)


def _seen(path: str) -> str:
    """A path as systemd reads it, to something the parts can see."""
    if not path.startswith("/") or any(c.isspace() or c in "%$\\\"'" for c in path):
        raise InputError(_("{path}: systemd needs an absolute path without spaces, quotes and %").format(path=path))
    if any(Path(path).is_relative_to(folder) for folder in _HIDDEN):
        text = _(
            "{path}: people's homes and temporary folders are closed to fosa's services; choose a place as /opt/fosa"
        )
        raise InputError(text.format(path=path))
    return path
