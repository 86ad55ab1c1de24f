"""The ways out of a text nobody wants: plans that put an earlier one back, and approval of what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.archive.archive import Archive, KeptBundle
from api.archive.back import files_for, last_change
from api.archive.drift import Drifts
from api.archive.drifted import DRIFTS, Drift, DriftState
from api.archive.marks import Pairs, pairs
from api.archive.model import Origin, OriginKind, Revision
from api.archive.switched import Switched
from api.archive.verbs import Adoption, PutBack, Restoration, Undoing
from api.chain import Deed
from api.desk.context import Context
from api.people.model import Action, Caller
from api.people.permissions import require
from api.plans.keep import keep
from api.plans.make import Wish, make
from api.plans.model import Kind, Plan
from api.plans.number import day_of
from api.plans.shown import shown
from api.plans.verbs import Shown
from api.store.ledger import Kept, Put
from inventory.errors import ConflictError, DriverError, InputError, RenderError
from inventory.select import select
from inventory.sentence import Sentence
from inventory.words import gettext as _
from playbooks.drivers.base import Failure
from templates.render import render

__all__ = ["Wayback"]


@dataclass(frozen=True, slots=True)
class Wayback:
    """Makes the plans and approvals for one office. What is proposed goes the same way as any other plan."""

    context: Context
    archive: Archive
    drifts: Drifts

    def restore(self, caller: Caller, asked: Restoration) -> Shown:
        """The plan that puts a revision back on its device. InputError for another device's, or one without a way."""
        select(self.context.office, [asked.device])
        revision = self.archive.revision(asked.device, asked.revision)
        wish = Wish(Kind.RESTORE, caller.account, asked.why, on_site=asked.on_site, follows=revision.origin.plan)
        return self._propose(caller, "plan.restore", wish, (revision,))

    def undo(self, caller: Caller, asked: Undoing) -> Shown:
        """The plan that takes the last change back, on all its devices or on the one named."""
        undone = last_change(self.archive, asked.device)
        wish = Wish(Kind.UNDO, caller.account, asked.why, on_site=asked.on_site, follows=undone.plan)
        return self._propose(caller, "plan.undo", wish, undone.before)

    def put_back(self, caller: Caller, asked: PutBack) -> Shown:
        """The plan that makes a drifted device run what was approved."""
        kept = self._open(asked.device)
        if not kept.value.approved:
            text = _(
                "nobody has approved anything for {device} yet: fosa propose {device}, or fosa drift {device} --adopt"
            )
            raise InputError(text.format(device=asked.device))
        revision = self.archive.revision(asked.device, kept.value.approved)
        wish = Wish(Kind.RESTORE, caller.account, asked.why, on_site=asked.on_site, follows=revision.origin.plan)
        made = self._propose(caller, "drift.put_back", wish, (revision,))
        self._write(caller, "drift.planned", kept, kept.value.model_copy(update={"plan": made.plan.id}))
        return made

    def adopt(self, caller: Caller, asked: Adoption) -> Revision:
        """Approve what was found running. ConflictError when the device runs something else by now."""
        # Nobody's plan: the person who made the drift by hand is not known, so it is never his own.
        require(caller, Action.APPROVE, own=False)
        kept = self._open(asked.device)
        found = self.archive.revision(asked.device, asked.found)
        if found.id != kept.value.found or asked.device in self.drifts.changing():
            raise _moved(asked.device)
        (device,) = select(self.context.office, [asked.device])
        answer = self.context.driver(device).fetch()
        if isinstance(answer, Failure):
            raise DriverError(f"{asked.device}: {answer}")
        if dict(answer.sections) != dict(self.archive.text(asked.device, found.id)):
            raise _moved(asked.device)
        origin = Origin(kind=OriginKind.ADOPTION, who=caller.account, why=asked.why)
        adopted = self.archive.keep(asked.device, answer.sections, self._files_or_none(found), origin)
        drift = kept.value.model_copy(update={"state": DriftState.ADOPTED})
        self._write(caller, "drift.adopt", kept, drift, {"why": asked.why, "revision": adopted.id})
        return adopted

    def _propose(self, caller: Caller, action: str, wish: Wish, revisions: tuple[Revision, ...]) -> Shown:
        office = self.context.office
        bundles: Mapping[str, KeptBundle] = {each.device: self._files(each) for each in revisions}
        made = make(self.context, select(office, list(bundles)), wish, bundles)
        made = made.model_copy(update={"unjudged": (*made.unjudged, *self._otherwise(made, revisions, bundles))})
        if not made.devices:
            why = "".join(f"; {sentence}" for sentence in made.unjudged)
            text = _("nothing to do: {devices} already runs what would be put back{why}")
            raise ConflictError(text.format(devices=", ".join(bundles), why=why))
        return shown(self.context, keep(self.context.ledger, caller, made, action))

    def _otherwise(
        self, made: Plan, revisions: tuple[Revision, ...], bundles: Mapping[str, KeptBundle]
    ) -> Iterator[Sentence]:
        """In what switches of a plan would not be as they were: fosa leaves alone what it does not speak of."""
        planned = {device.name for device in made.devices}
        for revision in revisions:
            if revision.device in planned and self._switch(revision.device):
                yield from self._switched.otherwise(revision, bundles[revision.device])

    def _files_or_none(self, found: Revision) -> KeptBundle | None:
        """The files of what was found, where there are such: without them it is approved, but cannot be put back."""
        try:
            return self._files(found)
        except InputError:
            return None

    def _switch(self, name: str) -> bool:
        return self.context.office.device(name) in self.context.office.switches

    @property
    def _switched(self) -> Switched:
        return Switched(self.context, self.archive)

    def _files(self, revision: Revision) -> KeptBundle:
        if self._switch(revision.device):
            return self._switched.files(revision)
        return files_for(self.archive, revision, lambda: self._masked_now(revision.device))

    def _masked_now(self, name: str) -> Pairs:
        """What the device masks today's files to: it alone has the key of the hashes."""
        device, now = self.context.office.device(name), self.context.clock()
        try:
            rendered = render(self.context.office, device, day_of(self.context.office, now))
        except RenderError:
            return {}
        masked = self.context.driver(device).normal(rendered)
        return {} if isinstance(masked, Failure) else pairs(masked.sections, rendered)

    def _open(self, device: str) -> Kept[Drift]:
        select(self.context.office, [device])
        kept = self.context.ledger.get(DRIFTS, device)
        if kept is None or kept.value.state is not DriftState.OPEN:
            raise ConflictError(_("{device} has no open drift; fosa drift {device} looks again").format(device=device))
        return kept

    def _write(
        self, caller: Caller, action: str, kept: Kept[Drift], drift: Drift, detail: dict[str, str] | None = None
    ) -> None:
        deed = Deed(
            who=caller.account,
            origin=caller.origin,
            action=action,
            subject=f"device {drift.device}",
            detail=detail or {"plan": drift.plan},
        )
        self.context.ledger.write(deed, [Put(DRIFTS, drift.device, drift, kept.version)])


def _moved(device: str) -> ConflictError:
    return ConflictError(
        _("{device} has moved since it was read; look again: fosa drift {device}").format(device=device)
    )
