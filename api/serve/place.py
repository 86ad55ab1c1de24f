"""Where the parts of a served office meet, and which folder is whose."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from api import tally
from api.drills import told
from api.serve.accounts import Accounts
from api.settings import Settings
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["Place", "prepare", "sqlite_file"]


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
    def accounts(self) -> Path:
        """There as soon as there are accounts: from then on nobody reads without one."""
        return self.desk.with_name("accounts")

    @property
    def tally(self) -> Path:
        """What stands at the desk, in numbers."""
        return tally.place(self.folder.parent)

    @property
    def drills(self) -> Path:
        """What drills have shown, told by the work."""
        return told.place(self.folder.parent)

    @property
    def lock(self) -> Path:
        """Held by the supervisor for as long as it lives; its number stands in it."""
        return self.folder / "lock"

    @property
    def maintenance(self) -> Path:
        """Why the office is in maintenance; missing when it is not."""
        return self.folder / "maintenance"

    @property
    def own(self) -> Path:
        """The work's own folder, closed to everybody else."""
        return self.folder.parent / "work"


def prepare(settings: Settings, who: Accounts | None) -> None:
    """Make the folders of a served office. With accounts, each belongs to the part that writes it.

    What is made in those of the watch, and at the desk, the edge's group may read; the ledger and the work's own are
    the work's alone.
    """
    place, store, ledger = Place.of(settings.state), sqlite_file(settings.store), sqlite_file(settings.ledger)
    if store and ledger and store.parent == ledger.parent:
        text = _("{folder}: store and ledger are written by different accounts and need folders of their own")
        raise InputError(text.format(folder=store.parent))
    watch, edge, work = (who.watch.uid, who.edge.gid, who.work.uid) if who else (-1, -1, -1)
    folders = [_Folder(place.folder, watch, edge, 0o2750)]
    folders += [_Folder(store.parent, watch, edge, 0o2750)] if store else []
    own = who.work.gid if who else -1
    folders += [_Folder(ledger.parent, work, own, 0o700)] if ledger else []
    folders += [_Folder(place.own, work, own, 0o700), _Folder(place.desk.parent, work, edge, 0o2755)]
    try:
        for folder in folders:
            folder.make(owned=who is not None)
    except OSError as error:
        text = _("{path}: cannot be used by fosa serve: {why}")
        raise InputError(text.format(path=error.filename, why=error.strerror)) from error


@dataclass(frozen=True, slots=True)
class _Folder:
    path: Path
    uid: int
    gid: int
    mode: int

    def make(self, *, owned: bool) -> None:
        """With files an earlier run left in it, perhaps under another account."""
        self.path.mkdir(mode=self.mode & 0o777, parents=True, exist_ok=True)
        if not owned:
            return
        before = self.path.stat()
        whole = (before.st_uid, before.st_gid) != (self.uid, self.gid)
        for path in (self.path, *_below(self.path, whole=whole)):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)
        self.path.chmod(self.mode)


def _below(folder: Path, *, whole: bool) -> list[Path]:
    """The files in a folder; with `whole` all there is below it. Links are nobody's."""
    found = folder.rglob("*") if whole else folder.iterdir()
    return [path for path in found if not path.is_symlink() and (whole or path.is_file())]


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite store, or None for a store that is a server."""
    kind, _colon, path = url.partition(":///")
    return Path(path).absolute() if kind.partition("+")[0] == "sqlite" and path else None
