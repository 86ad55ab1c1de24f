"""The words for what a change does to a device and how it left it, in the language in use."""

from __future__ import annotations

from api.changes.model import DeviceEnd, Ended
from inventory.course import Restored, Step
from inventory.words import gettext as _

__all__ = ["end_text", "restored_text", "step_text"]


def step_text(step: Step) -> str:
    """What is being done to a device."""
    return {
        Step.BACKUP: _("reading what runs"),
        Step.STAGE: _("the device checks the candidate"),
        Step.COMMIT: _("dead-man armed, applying"),
        Step.VERIFY: _("looking from outside, over a new connection"),
        Step.CONFIRM: _("confirming"),
        Step.REVERT: _("taking the change back"),
        Step.DONE: _("done"),
    }[step]


def end_text(end: DeviceEnd) -> str:
    """How it was left, and why."""
    reason = "" if end.reason is None else str(end.reason)
    match end.ended:
        case Ended.CHANGED:
            return _("changed, but {why}").format(why=reason) if reason else _("changed")
        case Ended.UNCHANGED:
            return _("nothing to do")
        case Ended.REHEARSED:
            return _("drilled, and as it was: {reason}").format(reason=reason)
        case Ended.UNREACHABLE:
            return _("unreachable, nothing was changed: {reason}").format(reason=reason)
        case Ended.FAILED:
            return _("failed: {reason} ({state})").format(reason=reason, state=restored_text(end.restored))
        case Ended.NOT_BEGUN:
            return reason or _("not begun: a device before it failed")


def restored_text(restored: Restored) -> str:
    """What a device runs after a change that failed."""
    return {
        Restored.UNTOUCHED: _("it was not touched"),
        Restored.YES: _("it runs as before"),
        Restored.UNKNOWN: _("nobody could ask; its dead-man takes the change back by itself"),
    }[restored]
