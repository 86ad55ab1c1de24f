"""What a change puts into the archive: what it finds, when that is news, and what it has confirmed."""

from __future__ import annotations

from dataclasses import dataclass

from api.archive.archive import Archive
from api.archive.model import Origin, OriginKind, Revision
from api.chain import Deed
from api.plans.model import Plan
from api.store.ledger import Ledger
from playbooks.drivers.base import Sections
from playbooks.order import Order

__all__ = ["Keeper"]

_BY = "schedule:change"


@dataclass(frozen=True, slots=True)
class Keeper:
    """The two hooks of a change (`api.work.hands.Hooks`). Each may be called again with the same."""

    archive: Archive
    ledger: Ledger

    def found(self, plan: Plan, order: Order, sections: Sections) -> None:
        """What ran before. It is kept when it is not what was approved last: somebody else has brought it there.

        StoreError and SecretError when it cannot be kept: then nothing should be changed.
        """
        last = self.archive.approved(order.device)
        if last is None or dict(self.archive.text(order.device, last.id)) != dict(sections):
            origin = Origin(kind=OriginKind.DRIFT, who=_BY, why="", plan=plan.id)
            self.tell(self.archive.keep(order.device, sections, None, origin))

    def confirmed(self, plan: Plan, order: Order, sections: Sections) -> None:
        """What runs now, with the files that have made it so."""
        origin = Origin(kind=OriginKind.CHANGE, who=plan.author, why=plan.why, plan=plan.id)
        self.tell(self.archive.keep(order.device, sections, order.bundle, origin))

    def tell(self, kept: Revision) -> None:
        """The audit names commit and tree: an archive that is rewritten no longer agrees with it."""
        detail = {"kind": kept.origin.kind.value, "plan": kept.origin.plan, "tree": self.archive.tree(kept)}
        subject = f"device {kept.device}"
        self.ledger.write(
            Deed(who=_BY, origin="schedule", action="archive.keep", subject=subject, after=kept.id, detail=detail)
        )
