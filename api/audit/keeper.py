"""Checkpoints made, kept, and taken off the machine; the audit let go of when its time is over."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.audit.checkpoint import Checkpoint, Signer
from api.audit.files import append, newest, read, replace
from api.audit.verify import FORGET
from api.chain import Deed, Entry
from api.store.ledger import Ledger, Put, Shelf
from inventory.errors import SecretError, StoreError
from inventory.sentence import Sentence, say
from inventory.words import gettext as _
from inventory.words import noted as N_

__all__ = ["ANCHOR", "ANCHORS", "HOURLY", "Keeper"]

HOURLY = dt.timedelta(hours=1)
ANCHORS = Shelf("audit-anchor", Checkpoint)
ANCHOR = "anchor"
"""The key of the one checkpoint that the forgotten part ended in."""
_AFTER = "change.end"
"""A deed that is signed at once, not only with the hour."""
_PAGE = 1000
_NOTICE = 85
"""Syslog's number of authpriv.notice."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """The audit of one office. Only one process of a work's folder may have one at a time."""

    ledger: Ledger
    folder: Path
    """The work's own."""
    office: str
    away: Path | None
    """A folder off this machine."""
    kept_for: dt.timedelta
    now: Callable[[], dt.datetime]
    syslog: Path = Path("/dev/log")

    @property
    def file(self) -> Path:
        """Every checkpoint made here, a line each."""
        return self.folder / "checkpoints.ndjson"

    def public(self) -> str:
        """The public half of the key, PEM. SecretError as `make`."""
        return self._signer().public()

    def checkpoints(self) -> tuple[Checkpoint, ...]:
        """Those made here, the oldest first, and before them the one that the forgotten part ended in."""
        anchor = self.ledger.get(ANCHORS, ANCHOR)
        here = read(self.file)
        return here if anchor is None or anchor.value in here else (anchor.value, *here)

    def due(self) -> bool:
        """Whether there is something that no checkpoint covers: for an hour, or since a change has ended."""
        last = newest(self.file)
        if self.ledger.last()[0] == (last.number if last else 0):
            return False
        return last is None or not HOURLY > self.now() - last.at >= dt.timedelta() or self._changed(last.number)

    def look(self) -> tuple[Sentence, ...]:
        """Make a checkpoint if it is time for one; the answer is what stands in the way of its leaving the machine."""
        return self.make()[1] if self.due() else ()

    def make(self) -> tuple[Checkpoint, tuple[Sentence, ...]]:
        """A checkpoint of this moment, kept here and taken off the machine; and what stands in the way of that.

        SecretError when the key is lost: a new one must not stand in for it unseen.
        """
        made = self._signer().sign(self.office, self.ledger.last(), self.now())
        append(self.file, (made,))
        return made, (*self._take_away(), *self._tell_syslog(made))

    def forget(self) -> int:
        """Let go of what is older than `kept_for`, up to a checkpoint; how many records that was."""
        over = self.now() - self.kept_for
        ends = [one for one in read(self.file) if one.at < over]
        first = self.ledger.entries(limit=1)
        if not ends or not first or ends[-1].number < first[0][0]:
            return 0
        end = ends[-1]
        gone = end.number + 1 - first[0][0]
        anchor = self.ledger.get(ANCHORS, ANCHOR)
        told = Deed(
            who="schedule:audit",
            origin="schedule",
            action=FORGET,
            subject="audit",
            detail={"from": str(end.number + 1), "until": end.at.isoformat()},
        )
        self.ledger.write(told, [Put(ANCHORS, ANCHOR, end, anchor.version if anchor else 0)])
        self.ledger.forget(end.number + 1)
        replace(self.file, tuple(one for one in read(self.file) if one.number >= end.number))
        return gone

    def _signer(self) -> Signer:
        signer = Signer(self.folder)
        if not signer.there and newest(self.file):
            lost = _("{folder}/audit.key is lost: put it back from a backup; if there is none, move {file} away")
            raise SecretError(lost.format(folder=self.folder, file=self.file))
        return signer

    def _changed(self, after: int) -> bool:
        while rows := self.ledger.entries(after=after, limit=_PAGE):
            if any(Entry.model_validate_json(text).deed.action == _AFTER for _number, text, _hash in rows):
                return True
            after = rows[-1][0]
        return False

    def _take_away(self) -> tuple[Sentence, ...]:
        """Whatever is not in the folder yet: it may have been away itself."""
        if self.away is None:
            return ()
        here = read(self.file)
        name = f"fosa-{self.office}-{here[-1].key}"
        try:
            there = read(self.away / f"{name}.ndjson")
            append(self.away / f"{name}.ndjson", here[_position(here, there) :])
            key = self.away / f"{name}.pem"
            if not key.exists():
                key.write_text(self.public(), encoding="ascii")
        except (OSError, StoreError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            return (say(N_("checkpoints do not leave this machine: {folder}: {why}"), folder=self.away, why=why),)
        return ()

    def _tell_syslog(self, made: Checkpoint) -> tuple[Sentence, ...]:
        if not self.syslog.exists():
            return ()
        line = f"<{_NOTICE}>fosa: checkpoint {made.model_dump_json()}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            out.settimeout(1)
            try:
                out.sendto(line.encode(), str(self.syslog))
            except OSError as error:
                return (say(N_("the system's log takes no checkpoint: {why}"), why=error.strerror),)
        return ()


def _position(here: tuple[Checkpoint, ...], there: tuple[Checkpoint, ...]) -> int:
    """Behind the one that was taken away last."""
    return here.index(there[-1]) + 1 if there and there[-1] in here else 0
