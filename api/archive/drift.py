"""Drift is looked for: what runs is laid beside what was approved; what differs is kept, told, and closed again."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from api.archive.archive import Archive
from api.archive.drifted import DRIFTS, ROUNDS, Drift, DriftState, Look, Round, Standing
from api.archive.model import Origin, OriginKind, Revision
from api.chain import Deed
from api.changes.model import Change, ChangeState
from api.changes.shelf import CHANGES
from api.desk.context import Context
from api.people.model import Caller
from api.plans.model import Diff
from api.plans.shelf import PLANS
from api.store.ledger import Kept, Put
from inventory.errors import ConflictError, SecretError
from inventory.select import select
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import Failure, Fetched, Sections
from playbooks.plan import plan
from playbooks.reach import fetch

__all__ = ["EVERY_S", "SCHEDULE", "Drifts"]

EVERY_S = 600
"""How often the whole office is looked at."""
_TRIES = 5
SCHEDULE = Caller(account="schedule:drift", roles=frozenset(), origin="schedule")


@dataclass(frozen=True, slots=True)
class _Found:
    """A device that does not run what was approved."""

    device: str
    sections: Sections
    approved: Revision | None
    now: dt.datetime


class Drifts:
    """Looks for drift in one office. Any thread may ask; one round is made at a time."""

    def __init__(self, context: Context, archive: Archive) -> None:
        self._context, self._archive = context, archive
        self._turn = threading.Lock()

    def every(self) -> None:
        """The round of the whole office, as the schedule makes it."""
        self.round()

    def round(self, names: Sequence[str] = (), by: Caller = SCHEDULE) -> Round:
        """Look at these devices, or at all. One that cannot be read is unread; it stops none of the others.

        StoreError when archive or ledger cannot be used, SelectionError for a name the inventory does not have.
        """
        context = self._context
        devices = select(context.office, names)
        with self._turn:
            busy = self.changing()
            answers = fetch({device.name: context.driver(device) for device in devices})
            busy |= self.changing()
            kept = context.ledger.get(ROUNDS, "office")
            last = kept.value.devices if kept else {}
            looks = {name: self._look(name, answer, last.get(name), busy) for name, answer in answers.items()}
            return self._keep(looks, _deed(by, "drift.look", ", ".join(names) or "office", _counts(looks)))

    def _keep(self, looks: dict[str, Look], deed: Deed) -> Round:
        """The round, with what is known of the other devices. A look of somebody else at the same time stays, too."""
        context = self._context
        managed = {device.name for device in context.office.managed}
        for left in reversed(range(_TRIES)):
            kept = context.ledger.get(ROUNDS, "office")
            known = {name: look for name, look in (kept.value.devices if kept else {}).items() if name in managed}
            made = Round(at=context.clock(), devices=known | looks)
            try:
                context.ledger.write(deed, [Put(ROUNDS, "office", made, kept.version if kept else 0)])
            except ConflictError:
                if not left:
                    raise
            else:
                return made
        raise AssertionError

    def changing(self) -> set[str]:
        """The devices a change has in hand."""
        ledger = self._context.ledger
        running = ledger.list(CHANGES, states=(ChangeState.RUNNING,))
        plans = (ledger.get(PLANS, kept.value.plan) for kept in running)
        return {device.name for found in plans if found for device in found.value.devices}

    # ---- One device --------------------------------------------------------------------------------------------------

    def _look(self, name: str, answer: Fetched | Failure, last: Look | None, busy: set[str]) -> Look:
        now, same_at = self._context.clock(), last.same_at if last else None
        if name in busy:
            return Look(standing=Standing.CHANGING, at=now, same_at=same_at)
        if isinstance(answer, Failure):
            reason = say(N_("{device} was not read: {why}"), device=name, why=answer)
            return Look(standing=Standing.UNREAD, at=now, same_at=same_at, reason=reason)
        approved = self._archive.approved(name)
        if approved is not None and dict(self._archive.text(name, approved.id)) == dict(answer.sections):
            self._close(name)
            return Look(standing=Standing.SAME, at=now, same_at=now)
        standing = Standing.DRIFTED if approved else Standing.UNAPPROVED
        unkept = self._open(_Found(name, answer.sections, approved, now), same_at)
        return Look(standing=standing, at=now, same_at=same_at, reason=unkept)

    def _open(self, found: _Found, same_at: dt.datetime | None) -> Sentence | None:
        """Keep what was found and say so; why it could not be kept."""
        origin = Origin(kind=OriginKind.DRIFT, who=SCHEDULE.account, why="")
        try:
            revision = self._known(found) or self._archive.keep(found.device, found.sections, None, origin)
        except SecretError as error:
            self._tell(found, "", (), same_at)
            return say(N_("what differs cannot be kept: {why}"), why=error)
        self._tell(found, revision.id, self._diffs(found), same_at)
        return None

    def _known(self, found: _Found) -> Revision | None:
        """The newest revision, when it holds just this."""
        last = self._archive.last(found.device)
        same = last is not None and dict(self._archive.text(found.device, last.id)) == dict(found.sections)
        return last if same else None

    def _diffs(self, found: _Found) -> tuple[Diff, ...]:
        if found.approved is None:
            return ()
        was = self._archive.text(found.device, found.approved.id)
        diffs = plan(found.device, was, found.sections).diffs
        return tuple(Diff(section=diff.section, lines=diff.lines) for diff in diffs)

    def _tell(self, found: _Found, revision: str, diffs: tuple[Diff, ...], same_at: dt.datetime | None) -> None:
        """Open the drift, or bring the open one up to date when the device has moved on."""
        kept = self._context.ledger.get(DRIFTS, found.device)
        old = kept.value if kept and kept.value.state is DriftState.OPEN else None
        approved = found.approved.id if found.approved else ""
        if old and (old.found, old.approved, old.diffs) == (revision, approved, diffs):
            return
        drift = Drift(
            device=found.device,
            approved=approved,
            found=revision,
            since=old.since if old else found.now,
            seen_at=found.now,
            diffs=diffs,
            told=tuple(self._told(found, same_at)),
            plan=old.plan if old and old.approved == approved else "",
        )
        self._write("drift.move" if old else "drift.open", kept, drift)

    def _close(self, name: str) -> None:
        kept = self._context.ledger.get(DRIFTS, name)
        if kept and kept.value.state is DriftState.OPEN:
            self._write("drift.gone", kept, kept.value.model_copy(update={"state": DriftState.GONE}))

    def _write(self, action: str, kept: Kept[Drift] | None, drift: Drift) -> None:
        deed = _deed(SCHEDULE, action, f"device {drift.device}", {"approved": drift.approved, "found": drift.found})
        try:
            self._context.ledger.write(deed, [Put(DRIFTS, drift.device, drift, kept.version if kept else 0)])
        except ConflictError:
            # Somebody adopts it or puts it back at this very moment: the next round tells.
            return

    # ---- How it came about -------------------------------------------------------------------------------------------

    def _told(self, found: _Found, same_at: dt.datetime | None) -> Iterator[Sentence]:
        if found.approved is None:
            yield say(N_("nobody has ever approved what {device} runs"), device=found.device)
            return
        if same_at:
            yield say(N_("it still ran what was approved at {time}"), time=self._local(same_at))
        changes = tuple(self._changes_since(found))
        if not changes:
            text = N_("fosa has changed nothing on it since {revision} was approved at {time}")
            yield say(text, revision=found.approved.short, time=self._local(found.approved.at))
        for change in changes:
            text = N_("change {plan} was on it at {time}")
            yield say(text, plan=change.plan, time=self._local(change.begun_at or change.queued_at))
        text = N_("whoever has root on {device} could have done it, at its console or over a login that is not fosa's")
        if self._context.office.device(found.device) in self._context.office.switches:
            text = N_("whoever may configure {device} could have done it, at its console or over a login not fosa's")
        yield say(text, device=found.device)

    def _changes_since(self, found: _Found) -> Iterator[Change]:
        assert found.approved is not None  # noqa: S101  asked only of a device with an approved text
        for kept in self._context.ledger.list(CHANGES, limit=100):
            change = kept.value
            ended = change.ended_at or found.now
            mine = change.plan == found.approved.origin.plan
            if found.device in change.devices and not mine and ended >= found.approved.at:
                yield change

    def _local(self, time: dt.datetime) -> str:
        zone = ZoneInfo(self._context.office.calendar.timezone)
        return f"{time.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _deed(by: Caller, action: str, subject: str, detail: dict[str, str]) -> Deed:
    return Deed(who=by.account, origin=by.origin, action=action, subject=subject, detail=detail)


def _counts(looks: dict[str, Look]) -> dict[str, str]:
    """How many devices stand how, for the audit."""
    standings = [look.standing for look in looks.values()]
    return {each.value: str(standings.count(each)) for each in Standing if each in standings}
