"""History and drift answer at the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.archive import verbs
from api.archive.archive import Archive
from api.archive.checked import looked
from api.archive.drift import Drifts
from api.archive.drifted import DRIFTS, ROUNDS, DriftState
from api.archive.kept import Checked, Roll
from api.archive.wayback import Wayback
from api.desk.context import Context
from api.desk.verb import Bound, Nothing, bound
from api.people.model import Action, Caller
from api.people.permissions import require
from api.people.registry import deed
from api.plans.model import Diff
from api.store.ledger import Ledger
from inventory.errors import DriverError, InputError
from inventory.select import select
from inventory.words import gettext as _
from playbooks.drivers.base import Failure, Sections
from playbooks.plan import plan

__all__ = ["archive_of", "handlers", "proofs_of"]


def archive_of(context: Context) -> Archive:
    """The archive of the office a process works on."""
    return Archive(context.folder, secrets=context.secrets, clock=context.clock)


def handlers(context: Context) -> Mapping[str, Bound]:
    """Verbs of history and drift."""
    archive = archive_of(context)
    drifts = Drifts(context, archive)
    wayback, reader = Wayback(context, archive, drifts), _Reader(context, archive, drifts)
    answers = bound(
        (verbs.LIST, reader.list),
        (verbs.SHOW, reader.show),
        (verbs.DIFF, reader.diff),
        (verbs.DRIFT, reader.drift),
        (verbs.LOOK, reader.look),
        (verbs.RESTORE, wayback.restore),
        (verbs.UNDO, wayback.undo),
        (verbs.PUT_BACK, wayback.put_back),
        (verbs.ADOPT, wayback.adopt),
    )
    return {**answers, **proofs_of(archive, context.ledger, context.clock)}


def proofs_of(archive: Archive, ledger: Ledger, clock: Callable[[], dt.datetime]) -> Mapping[str, Bound]:
    """What whoever verifies the audit asks of the archive."""

    def check(caller: Caller, _asked: Nothing) -> Checked:
        require(caller, Action.AUDIT, own=False)
        return looked(archive, ledger, clock, deed(caller, verbs.CHECK.name, "history"))

    def roll(caller: Caller, _asked: Nothing) -> Roll:
        require(caller, Action.AUDIT, own=False)
        return Roll(revisions=archive.roll())

    return bound((verbs.CHECK, check), (verbs.ROLL, roll))


@dataclass(frozen=True, slots=True)
class _Reader:
    """What only reads."""

    context: Context
    archive: Archive
    drifts: Drifts

    def list(self, _caller: Caller, asked: verbs.History) -> verbs.Revisions:
        if asked.device:
            select(self.context.office, [asked.device])
        found = self.archive.revisions(asked.device)
        return verbs.Revisions(revisions=found[: asked.limit], more=max(0, len(found) - asked.limit))

    def show(self, _caller: Caller, asked: verbs.Whole) -> verbs.Masked:
        revision = self.archive.revision(asked.device, asked.revision)
        return verbs.Masked(revision=revision, sections=dict(self.archive.text(asked.device, revision.id)))

    def diff(self, _caller: Caller, asked: verbs.Comparison) -> verbs.Compared:
        older, was = self._text(asked.device, asked.older or self._approved(asked.device))
        newer, now = self._text(asked.device, asked.newer or verbs.RUNNING)
        diffs = plan(asked.device, was, now).diffs
        made = tuple(Diff(section=diff.section, lines=diff.lines) for diff in diffs)
        return verbs.Compared(older=older, newer=newer, diffs=made)

    def drift(self, _caller: Caller, _asked: Nothing) -> verbs.Drifted:
        kept = self.context.ledger.get(ROUNDS, "office")
        found = self.context.ledger.list(DRIFTS, states=(DriftState.OPEN,))
        drifts = sorted((each.value for each in found), key=lambda drift: drift.device)
        return verbs.Drifted(round=kept.value if kept else None, open=tuple(drifts))

    def look(self, caller: Caller, asked: verbs.Which) -> verbs.Drifted:
        self.drifts.round(asked.devices, caller)
        return self.drift(caller, Nothing())

    def _approved(self, device: str) -> str:
        revision = self.archive.approved(device)
        if revision is None:
            text = _("nobody has approved anything for {device} yet; name a revision (fosa history {device})")
            raise InputError(text.format(device=device))
        return revision.id

    def _text(self, device: str, named: str) -> tuple[str, Sections]:
        (chosen,) = select(self.context.office, [device])
        if named != verbs.RUNNING:
            revision = self.archive.revision(device, named)
            return revision.id, self.archive.text(device, revision.id)
        answer = self.context.driver(chosen).fetch()
        if isinstance(answer, Failure):
            raise DriverError(f"{device}: {answer}")
        return verbs.RUNNING, answer.sections
