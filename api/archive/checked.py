"""Whether the archive is whole: everything in it read, every day and on request, and what came of it told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from api.archive.archive import Archive
from api.archive.kept import CHECKS, OFFICE, Checked
from api.chain import Deed
from api.store.ledger import Ledger, Put
from inventory.errors import StoreError
from inventory.sentence import Sentence, say
from inventory.words import noted as N_

__all__ = ["SCHEDULE", "looked"]

SCHEDULE = Deed(who="schedule:history", origin="schedule", action="history.check", subject="history")


def looked(archive: Archive, ledger: Ledger, clock: Callable[[], dt.datetime], deed: Deed) -> Checked:
    """Read everything, and keep what came of it: a fault is an answer. StoreError when the ledger cannot be written."""
    fault: Sentence | None = None
    count = 0
    try:
        count = archive.check()
    except StoreError as error:
        fault = _sentence(error)
    made = Checked(at=clock(), revisions=count, fault=fault)
    kept = ledger.get(CHECKS, OFFICE)
    told = deed.model_copy(update={"result": "failed" if fault else "done", "detail": {"revisions": str(count)}})
    ledger.write(told, [Put(CHECKS, OFFICE, made, kept.version if kept else 0)])
    return made


def _sentence(error: StoreError) -> Sentence:
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Sentence) else say(N_("the history is not whole: {why}"), why=error)
