"""The managed files put in place together, and back."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from .device import Device
from .disk import sync, write
from .errors import GateError
from .managed import KEPT, MANAGED, Bundle

MARGIN = 1 << 20


def beside(path: Path, what: str) -> Path:
    """The name of a new or old copy in the same folder: a rename needs no room on the disk."""
    return path.with_name(f".{path.name}.fosa-{what}")


class Files:
    """Puts managed files in place together, and back: everything that needs room happens before the first rename."""

    def __init__(self, device: Device) -> None:
        self.device = device

    def changed(self, bundle: Bundle) -> list[str]:
        """The paths a bundle would write or remove."""
        present = self.device.present()
        named = (*MANAGED, *(path for path in KEPT if path in bundle))
        return [path for path in named if bundle.get(path) != present.get(path)]

    def room(self, bundle: Bundle, *folders: Path) -> None:
        """GateError `no_space` unless everything fits twice, with a margin, in every folder."""
        need = 2 * sum(len(file.text.encode()) for file in bundle.values()) + MARGIN
        for folder in folders:
            status = os.statvfs(folder)
            if status.f_bavail * status.f_frsize < need or (status.f_files and status.f_favail < 64):
                raise GateError("no_space", "the disk is full; nothing was changed", os.fspath(folder))

    def lay(self, bundle: Bundle, paths: list[str]) -> None:
        """Write the new files beside the old ones and keep a second name of each old one."""
        for path in paths:
            place = self.device.place(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            if path in bundle:
                write(beside(place, "new"), bundle[path].text, bundle[path].mode)
            with contextlib.suppress(FileNotFoundError):
                os.link(place, beside(place, "old"), follow_symlinks=False)
            sync(place.parent)

    def switch(self, bundle: Bundle, paths: list[str]) -> None:
        """The new files take the names."""
        for path in paths:
            place = self.device.place(path)
            if path in bundle:
                beside(place, "new").replace(place)
            else:
                place.unlink()
            sync(place.parent)

    def back(self, existed: dict[str, bool]) -> None:
        """The old files take their names again. May be repeated after being cut short."""
        for path, was in existed.items():
            place = self.device.place(path)
            with contextlib.suppress(FileNotFoundError):
                if was:
                    # A rename onto another name of the same file does nothing, hence the unlink after it.
                    beside(place, "old").replace(place)
                else:
                    place.unlink()
        self.clear()

    def clear(self) -> None:
        """Remove the copies; only when no change is armed."""
        for path in (*MANAGED, *KEPT):
            for what in ("new", "old"):
                with contextlib.suppress(OSError):
                    beside(self.device.place(path), what).unlink()
            with contextlib.suppress(OSError):
                sync(self.device.place(path).parent)
