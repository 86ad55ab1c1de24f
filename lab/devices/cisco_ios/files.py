"""The file systems of the emulated IOS: what it runs, what is saved, and its flash, which SCP reaches."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from lab.devices.box import Box

__all__ = ["Files", "flash_of"]

_FREE = 90_000_000


@dataclass(frozen=True, slots=True)
class Files:
    """By the names the device has for them: `flash:/merge_config.txt`, `nvram:startup-config`, `running-config`."""

    box: Box
    running: Callable[[], str]

    @property
    def flash(self) -> Path:
        """The folder that is its flash."""
        folder = self.box.disk / "flash"
        folder.mkdir(exist_ok=True)
        return folder

    def read(self, name: str) -> str | None:
        """A file; None: there is none."""
        if name in {"running-config", "system:running-config", "system:/running-config"}:
            return self.running()
        if name in {"startup-config", "nvram:startup-config", "nvram:/startup-config"}:
            return self.box.saved
        if name.startswith("null:"):
            return ""
        path = self._path(name)
        return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None

    def write(self, name: str, text: str) -> None:
        """A file of the flash."""
        self._path(name).write_text(text, encoding="utf-8")

    def delete(self, name: str) -> None:
        """One that is not there is none the less gone."""
        self._path(name).unlink(missing_ok=True)

    def listed(self, name: str) -> str:
        """`dir`; the words are those netmiko and NAPALM look for (netmiko/scp_handler.py, napalm/ios/ios.py)."""
        total = f"\n\n122685440 bytes total ({_FREE} bytes free)"
        if name.rstrip("/") in {"", "flash:"}:
            names = sorted(path.name for path in self.flash.iterdir())
            files = "".join(f"\n{number:5}  -rw-  {self._size(each)}  {each}" for number, each in enumerate(names, 1))
            return f"Directory of flash:/\n{files}{total}"
        path = self._path(name)
        if not path.is_file():
            return f"%Error opening {name} (No such file or directory)"
        return f"Directory of {name}\n\n    1  -rw-  {path.stat().st_size}  {path.name}{total}"

    def digest(self, name: str) -> str:
        """`verify /md5`."""
        path = self._path(name)
        if not path.is_file():
            return f"%Error verifying {name} (No such file or directory)"
        found = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
        return f".....Done!\nverify /md5 ({name}) = {found}"

    def _size(self, name: str) -> int:
        return (self.flash / name).stat().st_size

    def _path(self, name: str) -> Path:
        return self.flash / (name.partition(":")[2] or name).replace("/", "_").lstrip("_")


def flash_of(files: Files) -> type[asyncssh.SFTPServer]:
    """What SCP speaks to: `flash:/name` and nothing beside it."""

    class Flash(asyncssh.SFTPServer):
        def map_path(self, path: bytes) -> bytes:
            name = path.decode("utf-8", "replace").partition(":")[2] or path.decode("utf-8", "replace")
            return str(files.flash / name.replace("/", "_").lstrip("_")).encode()

    return Flash
