"""What the files of a gateway hold: its own certificates, those it believes, and what cannot be read as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.keys.facts import facts, loaded
from api.keys.model import Certificate, Known
from api.store.ledger import Ledger, Put, Shelf
from inventory.errors import InputError
from inventory.model.base import Value
from inventory.sentence import Sentence
from templates.linux_gateway.gate.managed import AUTHORITY, CERTIFICATE

__all__ = ["OWN", "UNREADABLE", "Files", "Unreadable", "files", "unreadable_put"]

OWN = CERTIFICATE
"""Where a gateway has the certificate of its own key."""
_FOLDERS = tuple(f"{path.rpartition('/')[0]}/" for path in (CERTIFICATE, AUTHORITY))
"""Where it has certificates, and nothing else."""


class Unreadable(Value):
    """The files of one gateway that should hold certificates and do not. Its key is the device's name."""

    files: dict[str, Sentence]
    """By path, what is wrong."""


UNREADABLE = Shelf("certificate files", Unreadable)


@dataclass(frozen=True, slots=True)
class Files:
    """The certificates of one gateway."""

    own: tuple[Certificate, ...]
    others: tuple[Certificate, ...]
    unreadable: Mapping[str, Sentence]

    @property
    def own_is_known(self) -> bool:
        """Whether `own` is all there is; else nobody knows what the gateway proves itself by."""
        return OWN not in self.unreadable


def files(texts: Mapping[str, str], device: str) -> Files:
    """Sort what was read of a device. charon passes a file over that holds no certificate; here it is told, and hides
    none of the others.
    """
    own: list[Certificate] = []
    others: list[Certificate] = []
    unreadable: dict[str, Sentence] = {}
    for path, text in sorted(texts.items()):
        if path.startswith(_FOLDERS):
            try:
                found = [facts(each, Known.FOUND, device) for each in loaded(text.encode())]
            except InputError as error:
                unreadable[path] = error.args[0]
            else:
                (own if path == OWN else others).extend(found)
    return Files(tuple(own), tuple(others), unreadable)


def unreadable_put(ledger: Ledger, device: str, found: Files) -> tuple[Put[Unreadable], ...]:
    """What is to be written of it; nothing when that is known already."""
    kept = ledger.get(UNREADABLE, device)
    if (dict(kept.value.files) if kept else {}) == dict(found.unreadable):
        return ()
    value = Unreadable(files=dict(found.unreadable)) if found.unreadable else None
    return (Put(UNREADABLE, device, value, kept.version if kept else 0),)
