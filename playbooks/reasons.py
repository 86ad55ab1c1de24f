"""Why a device did not do what it was asked, as a sentence that is kept and spoken later."""

from __future__ import annotations

from inventory.sentence import Sentence, say
from inventory.words import noted as N_
from playbooks.drivers.base import Failure, FailureKind
from playbooks.order import Fault

__all__ = ["fault", "reason"]

_KNOWN = {
    FailureKind.BUSY: N_("another change is at work on the device"),
    FailureKind.MOVED: N_("somebody has changed the device since the plan was made"),
    FailureKind.EXPIRED: N_("the change is not in force on the device: not confirmed in time, it has been taken back"),
    FailureKind.REFUSED: N_("the device does not permit it: {why}"),
    FailureKind.NO_SPACE: N_("no room on the device: {why}"),
    FailureKind.INVALID: N_("the device finds a fault in the candidate: {why}"),
    FailureKind.DEVICE: N_("the device could not do it: {why}"),
}


def fault(failure: Failure) -> Fault:
    """A driver's failure as the answer of a step."""
    return Fault(failure.kind, reason(failure))


def reason(failure: Failure) -> Sentence:
    """What a driver's failure means. What a device itself said stays as it said it."""
    if isinstance(failure.text, Sentence) and failure.kind not in _KNOWN:
        return failure.text
    return say(_KNOWN.get(failure.kind, N_("{why}")), why=failure)
