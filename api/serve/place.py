"""Where the parts of a served office meet: a folder with their socket, their lock and the word of maintenance."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from api.serve.accounts import Account
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["Place", "sqlite_file"]


@dataclass(frozen=True, slots=True)
class Place:
    """The folder `serve` of a state folder."""

    folder: Path

    @classmethod
    def of(cls, state: Path) -> Place:
        """The place of a state folder."""
        return cls(state / "serve")

    @property
    def socket(self) -> Path:
        """Where the watch answers."""
        return self.folder / "watch.sock"

    @property
    def desk(self) -> Path:
        """Where the work answers whoever is known to it."""
        return self.folder.parent / "desk" / "fosa.sock"

    @property
    def lock(self) -> Path:
        """Held by the supervisor for as long as it lives; its number stands in it."""
        return self.folder / "lock"

    @property
    def maintenance(self) -> Path:
        """Why the office is in maintenance; missing when it is not."""
        return self.folder / "maintenance"

    def prepare(self, watch: Account | None, edge: Account | None, store: Path | None) -> None:
        """Make the folders; with accounts, the watch owns them and the edge's group may read, nobody else.

        `store`: the folder of a store that is a file. What is made in the folders belongs to the edge's group too.
        """
        folders = [self.folder, *([store] if store else [])]
        try:
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
                if watch is None or edge is None:
                    continue
                for path in (folder, *_files_below(folder)):
                    os.chown(path, watch.uid, edge.gid, follow_symlinks=False)
                folder.chmod(0o2750)
        except OSError as error:
            text = _("{path}: cannot be used by fosa serve: {why}")
            raise InputError(text.format(path=error.filename, why=error.strerror)) from error


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite store, or None for a store that is a server."""
    kind, _colon, path = url.partition(":///")
    return Path(path).absolute() if kind.partition("+")[0] == "sqlite" and path else None


def _files_below(folder: Path) -> list[Path]:
    """Files an earlier run left, perhaps under another account."""
    return [entry for entry in folder.iterdir() if entry.is_file() and not entry.is_symlink()]
