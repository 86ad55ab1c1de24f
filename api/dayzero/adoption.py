"""What a device was found running becomes its first approved text, with everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from api.archive.archive import Archive
from api.archive.drift import Drifts
from api.archive.drifted import DRIFTS, DriftState
from api.archive.model import Origin, OriginKind, Revision
from api.chain import Deed
from api.dayzero.verbs import ADOPT, Adopted, Adopting
from api.desk.context import Context
from api.people.model import Caller
from api.plans.model import Diff
from api.store.ledger import Put
from inventory.errors import ConflictError, DriverError
from inventory.model import Device
from inventory.select import select
from inventory.sentence import Sentence, say
from inventory.words import gettext as _
from inventory.words import noted as N_
from monitor.basis import Basis
from monitor.compliance.catalogue.load import catalogue
from monitor.compliance.engine import Question, Subject, check
from monitor.compliance.model import Finding, Result
from monitor.compliance.rollup import BAD
from monitor.facts.read import facts
from playbooks.drivers.base import Failure, Sections
from playbooks.plan import plan
from templates.render import Rendered, render

__all__ = ["Adoption"]

_OPEN = frozenset({Result.UNKNOWN, Result.ERROR, Result.NOT_CHECKED})


@dataclass(frozen=True, slots=True)
class _Read:
    """A device as it was found. `bundle` is what the inventory makes of it, `differs` in what that is not the same."""

    device: Device
    running: Sections
    bundle: Rendered
    differs: tuple[Diff, ...]
    unknown: Sentence | None


@dataclass(frozen=True, slots=True)
class Adoption:
    """Adopts devices of one office."""

    context: Context
    archive: Archive

    def adopt(self, caller: Caller, asked: Adopting) -> Adopted:
        """Keep what runs as approved. Said twice it is kept once.

        ConflictError when another text was approved before: what runs instead is a drift, and has ways out of its own.
        """
        (device,) = select(self.context.office, [asked.device])
        self._require_quiet(device.name)
        read = self._read(device)
        approved = self.archive.approved(device.name)
        if approved is not None and dict(self.archive.text(device.name, approved.id)) != dict(read.running):
            text = _("{device} was approved before and runs something else now: fosa drift {device}")
            raise ConflictError(text.format(device=device.name))
        revision = approved or self._keep(caller, asked, read)
        findings = self._judge(read)
        broken = tuple(finding for finding in findings if finding.result in BAD)
        self._write(caller, asked, revision, {"already": str(approved is not None), "findings": str(len(broken))})
        return Adopted(
            revision=revision,
            already=approved is not None,
            findings=broken,
            undecided=tuple(sorted({finding.rule for finding in findings if finding.result in _OPEN})),
            differs=read.differs,
            unknown=read.unknown,
        )

    def _require_quiet(self, device: str) -> None:
        if device in Drifts(self.context, self.archive).changing():
            raise ConflictError(_("a change of {device} is running: wait for its end").format(device=device))

    def _read(self, device: Device) -> _Read:
        driver, bundle = self.context.driver(device), render(self.context.office, device, self._today())
        running = driver.fetch()
        if isinstance(running, Failure):
            raise DriverError(f"{device.name}: {running}")
        intended = driver.normal(bundle)
        if isinstance(intended, Failure):
            why = say(
                N_("{device} cannot tell what the inventory would make of it: {why}"), device=device.name, why=intended
            )
            return _Read(device, running.sections, bundle, (), why)
        differs = plan(device.name, running.sections, intended.sections).diffs
        diffs = tuple(Diff(section=diff.section, lines=diff.lines) for diff in differs)
        return _Read(device, running.sections, bundle, diffs, None)

    def _keep(self, caller: Caller, asked: Adopting, read: _Read) -> Revision:
        # The files behind what runs are known only where it is just what they would make of it.
        bundle = None if read.differs or read.unknown else read.bundle
        origin = Origin(kind=OriginKind.ADOPTION, who=caller.account, why=asked.why)
        return self.archive.keep(read.device.name, read.running, bundle, origin)

    def _judge(self, read: _Read) -> tuple[Finding, ...]:
        device, now = read.device, self.context.clock()
        assert device.platform is not None  # noqa: S101  only managed devices can be selected
        found = facts(device.name, device.platform, Basis.RUNNING, read.running, now)
        report = check(
            self.context.office, [Subject(device, found)], Question(Basis.RUNNING, now, self._today()), catalogue()
        )
        return tuple(finding for finding in report.findings if finding.asset == device.name)

    def _write(self, caller: Caller, asked: Adopting, revision: Revision, detail: dict[str, str]) -> None:
        """The deed; a drift that was open only because nobody had approved anything ends with it."""
        deed = Deed(
            who=caller.account,
            origin=caller.origin,
            action=ADOPT.name,
            subject=f"device {asked.device}",
            after=revision.id,
            detail={"why": asked.why, **detail},
        )
        kept = self.context.ledger.get(DRIFTS, asked.device)
        if kept is None or kept.value.state is not DriftState.OPEN:
            self.context.ledger.write(deed)
            return
        drift = kept.value.model_copy(update={"state": DriftState.ADOPTED})
        self.context.ledger.write(deed, [Put(DRIFTS, asked.device, drift, kept.version)])

    def _today(self) -> dt.date:
        return self.context.clock().astimezone(ZoneInfo(self.context.office.calendar.timezone)).date()
