"""A plan from its proposal to its end, as it lies in the ledger."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum

from inventory.course import Guard
from inventory.model.base import Value
from inventory.sentence import Sentence
from monitor.compliance.model import Result

__all__ = [
    "ENDED",
    "Approval",
    "Device",
    "Diff",
    "File",
    "Kind",
    "Plan",
    "PlanState",
    "Risk",
    "RuleChange",
    "Together",
    "mates",
]


class PlanState(StrEnum):
    """Where a plan is."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    """Waits for the window, and for the queue."""
    RUNNING = "running"
    DONE = "done"
    """Every device runs it, confirmed."""
    FAILED = "failed"
    """It was begun and did not come to its end: the change's record says how each device was left."""
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    """Its time is over, or a device has moved since it was made."""


ENDED = frozenset({PlanState.DONE, PlanState.FAILED, PlanState.REJECTED, PlanState.WITHDRAWN, PlanState.EXPIRED})


class Kind(StrEnum):
    """Why the devices are to become something else."""

    PUSH = "push"
    """What the inventory says."""
    RESTORE = "restore"
    """What a device ran at an earlier revision."""
    UNDO = "undo"
    """What it ran before the last change."""
    ROTATE = "rotate"
    """New keys for a tunnel."""
    REMOVAL = "removal"
    """A temporary flow's time is over."""
    DRILL = "drill"
    """Nothing: a tunnel goes down for some seconds, and what was is brought back."""


class Risk(StrEnum):
    """What a change touches."""

    MANAGEMENT_PATH = "management_path"
    TUNNELS = "tunnels"
    DEFAULT_ROUTE = "default_route"
    POLICY = "policy"
    SERVICES = "services"


class File(Value):
    """A file for a device; a secret in its text is a placeholder."""

    path: str
    mode: int
    text: str


class Diff(Value):
    """The difference in one section: the lines of a unified diff, secrets masked."""

    section: str
    lines: tuple[str, ...]


class Device(Value):
    """What a plan does to one device."""

    name: str
    base: str
    """Digest of the sections that ran when the plan was made (`fingerprint`); another one later: the plan expires."""
    files: tuple[File, ...]
    """All files of the device as they will be."""
    diffs: tuple[Diff, ...]
    group: str
    """Equal for devices whose added and removed lines are the same: each distinct change is read once."""
    risks: tuple[Risk, ...]
    guard: Guard
    tunnels: tuple[str, ...]
    """The connections the inventory expects on it."""


class RuleChange(Value):
    """A rule whose result the plan would change, judged on the intended text."""

    rule: str
    asset: str
    before: Result
    after: Result


class Together(Value):
    """The ends of a tunnel change at once, or not at all."""

    tunnel: str
    devices: tuple[str, ...]
    """The far end first."""


def mates(together: Iterable[Together], name: str) -> frozenset[str]:
    """The devices that change at once with this one."""
    return frozenset(other for each in together if name in each.devices for other in each.devices) - {name}


class Approval(Value):
    """Somebody has read the plan and agrees."""

    who: str
    at: dt.datetime
    digest: str
    """Of the plan that was read."""


class Plan(Value):
    """A plan. Its `digest` covers what is approved; the rest tells what has become of it."""

    id: str
    """`p-20261122-0001`: the day it was made where the office is, and a number."""
    kind: Kind
    author: str
    why: str
    made_at: dt.datetime
    until: dt.datetime
    """Not begun by then, it expires."""
    not_before: dt.datetime | None = None
    devices: tuple[Device, ...]
    waves: tuple[tuple[str, ...], ...]
    """The devices' names in the order of the change."""
    together: tuple[Together, ...] = ()
    """Tunnels that one end's new terms and the other's old ones would not let come up: both ends are in one wave."""
    fixed: tuple[RuleChange, ...] = ()
    caused: tuple[RuleChange, ...] = ()
    unjudged: tuple[Sentence, ...] = ()
    """What could not be judged beforehand, and why."""
    four_eyes: bool = True
    """Whether somebody else than the author must approve; False is the office's own choice, and recorded."""
    on_site: str = ""
    """Who stands beside the device; asked for where no device guards itself."""
    revert_after_s: int = 60
    removal: dt.date | None = None
    """The day a temporary flow of this plan ends: its removal was approved with it."""
    removes: tuple[Device, ...] = ()
    """That removal, device by device (`base` empty): a plan made of it later needs no second approval."""
    follows: str = ""
    """The plan this one removes, restores or undoes."""
    drill: str = ""
    """The tunnel that is taken down for some seconds."""

    state: PlanState = PlanState.PROPOSED
    approvals: tuple[Approval, ...] = ()
    begin_now: str = ""
    """Who has said that it may begin outside the window."""
    remark: Sentence | None = None
    """Why it was rejected, withdrawn, has expired or failed."""

    @property
    def digest(self) -> str:
        """What an approval is for, and devices know the change by: everything but what has become of the plan since.

        A default is not spoken of: a plan of a fosa that did not know of a field yet is the same plan still.
        """
        fate = {"state", "approvals", "begin_now", "remark"}
        said = self.model_dump(mode="json", exclude=fate, exclude_defaults=True)
        text = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def mates(self, name: str) -> frozenset[str]:
        """The devices that change at once with this one, or not at all."""
        return mates(self.together, name)

    def device(self, name: str) -> Device:
        """The device of that name; KeyError when the plan does not touch it."""
        return next(device for device in self.devices if device.name == name)
