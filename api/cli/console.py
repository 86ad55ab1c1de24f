"""The ledger itself, for the first person, while there is no service to ask."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from api.accounts.handlers import CONSOLE, answers_of
from api.desk.verb import Verb
from api.people.model import Caller
from api.people.registry import Registry
from api.people.sealing import Seal
from api.serve.place import Place, sqlite_file
from api.settings import Settings
from api.store.ledger import Ledger
from inventory.model.base import Value

__all__ = ["Console"]

Asked = TypeVar("Asked", bound=Value)
Answer = TypeVar("Answer", bound=Value)


class Console:
    """Asks as `api.desk.client.Client` does. Whether one may, the rights on the ledger's file or server decide."""

    def __init__(self, settings: Settings) -> None:
        """Makes folders and ledger where there are none. StoreError where one may not."""
        self._settings = settings
        own = Place.of(settings.state).own
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._ledger = Ledger(settings.ledger)
        self._ledger.migrate()
        self._answers = answers_of(Registry(self._ledger, Seal.of(own)))

    def call(self, verb: Verb[Asked, Answer], asked: Asked) -> Answer:
        """The answer; nothing is followed up, no connection stays."""
        try:
            answer = self._answers[verb.name].handle(Caller.unproved(CONSOLE), asked)
        finally:
            self._ledger.close()
            _hand_over(sqlite_file(self._settings.ledger))
        if not isinstance(answer, verb.answer):
            raise TypeError(verb.name)
        return answer


def _hand_over(ledger: Path | None) -> None:
    """What root has made in a folder of the service's account is the service's to write."""
    if ledger is None or os.geteuid() != 0:
        return
    folder = ledger.parent.stat()
    for file in ledger.parent.iterdir():
        os.chown(file, folder.st_uid, folder.st_gid, follow_symlinks=False)
