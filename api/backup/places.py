"""Where everything lies that a backup takes, as the settings say."""

from __future__ import annotations

from pathlib import Path

from api.backup.model import Part, Root
from api.backup.taking import OnServer, Sources
from api.settings import Settings
from api.store.dump import same
from api.store.place import Place
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["places"]


def places(settings: Settings, own: Path, inventory: Path) -> Sources:
    """`own` is the work's folder. InputError when the engine's file lies where no backup looks for it."""
    engine = Place.of(settings.work_store).file
    if engine is not None and engine.parent != own:
        text = _("FOSA_WORK_STORE lies outside {folder}: a backup does not find it there")
        raise InputError(text.format(folder=own))
    files = ((Root.LEDGER, Place.of(settings.ledger).file), (Root.STORE, Place.of(settings.store).file))
    roots = {Root.WORK: own, Root.INVENTORY: inventory} | {root: file.parent for root, file in files if file}
    return Sources(roots, _servers(settings))


def _servers(settings: Settings) -> tuple[OnServer, ...]:
    """A database once, however many of ours are in it."""
    urls = {Part.ENGINE: settings.work_store, Part.LEDGER: settings.ledger, Part.STORE: settings.store}
    distant = {part: url for part, url in urls.items() if Place.of(url).file is None}
    found: list[OnServer] = []
    for part, url in distant.items():
        if not any(part in one.parts for one in found):
            found.append(OnServer(tuple(other for other, at in distant.items() if same(url, at)), url))
    return tuple(found)
