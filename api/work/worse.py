"""Whether an armed device keeps the rules less well than before it was changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from api.archive.archive import Archive
from api.desk.context import Context
from api.plans.judged import judged
from api.plans.model import Kind, Plan, RuleChange
from api.plans.touched import Looked
from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from monitor.compliance.rollup import BAD
from playbooks.drivers.base import Sections
from playbooks.plan import fingerprint
from playbooks.reach import Compared

__all__ = ["Worse"]


@dataclass(frozen=True, slots=True)
class Worse:
    """For a plan, the judge of its devices. What ran before is in the archive: the change has put it there."""

    context: Context
    archive: Archive

    def __call__(self, plan: Plan) -> Callable[[str, Sections], Sentence | None]:
        """Who says why a device's sections are worse than what ran when the plan was made; None: they are not.

        A rule that fails now and did not is worse, approved or not: who wants that records an exception first, and then
        it is not. One that can no longer be told, or that failed already and fails by another line, is worse unless the
        plan said so. A way back must stay open: whoever approved it has read which rules it breaks.
        """
        back = plan.kind in {Kind.UNDO, Kind.RESTORE}
        expected = {(change.rule, change.asset) for change in plan.caused if back or not _new(change)}

        def judge(device: str, sections: Sections) -> Sentence | None:
            before = self._before(device, plan.device(device).base)
            if before is None:
                return say(N_("what ran before is not in the history: nobody can tell whether it is worse now"))
            caused = self._caused(plan, device, before, sections)
            wrong = sorted({change.rule for change in caused if (change.rule, change.asset) not in expected})
            return say(N_("it would keep these rules no longer: {rules}"), rules=", ".join(wrong)) if wrong else None

        return judge

    def _before(self, device: str, base: str) -> Sections | None:
        for revision in (self.archive.last(device), self.archive.approved(device)):
            if revision is not None:
                text = self.archive.text(device, revision.id)
                if base in {"", fingerprint(text)}:
                    return text
        return None

    def _caused(self, plan: Plan, device: str, before: Sections, after: Sections) -> tuple[RuleChange, ...]:
        looked = Looked(self.context.office.device(device), Compared(device, before, after), plan.device(device))
        now: dt.datetime = self.context.clock()
        found = judged(self.context.office, (looked,), now)
        return tuple(change for change in found.caused if change not in found.excused)


def _new(change: RuleChange) -> bool:
    return change.after in BAD and change.before not in BAD
