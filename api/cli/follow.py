"""`fosa follow`: what a change does, step by step, until it has ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from inventory.course import Restored, Step
from inventory.errors import ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.changes.model import Change, DeviceEnd, Progress
    from api.desk.client import Client

__all__ = ["PlanName", "follow", "follow_change"]

PlanName = Annotated[
    str, typer.Argument(metavar="PLAN", help=_("The plan, as fosa plans names it."), show_default=False)
]

_PATIENCE_S = 60.0
"""How long a service that hung up is waited for: it may be starting anew."""


def follow(plan: PlanName, as_json: AsJson = False, lang: Lang = None) -> int:
    """Show the steps of a plan's change as they are made, and how each device was left."""
    from api.changes.model import ChangeState

    output = Output(as_json=as_json)
    change = follow_change(desk(), plan, output)
    output.result(change.model_dump(mode="json"))
    return Exit.DONE if change.state is ChangeState.DONE else Exit.FAILED


def follow_change(client: Client, plan: str, output: Output) -> Change:
    """Tell the steps until the change has ended; the change. A service that is started anew meanwhile is waited for.

    ConflictError when the plan has ended without one.
    """
    from api.work.verbs import SHOW, WhichChange

    after, silent = 0, time.monotonic()
    while True:
        try:
            for told in client.follow(f"change {plan}", after):
                after, silent = told.id, time.monotonic()
                _tell(told.line, output)
            return client.call(SHOW, WhichChange(plan=plan))
        except ServiceError:
            if after == 0 or time.monotonic() - silent > _PATIENCE_S:
                raise
            time.sleep(1)


def _tell(line: str, output: Output) -> None:
    from api.changes.model import Progress

    progress = Progress.model_validate_json(line)
    if progress.end is not None:
        text, style = _ended(progress.end)
        output.line(f"{progress.device:12} {text}", style)
    else:
        output.line(f"{progress.device:12} {_step(progress)}", "dim")


def _step(progress: Progress) -> str:
    return {
        Step.BACKUP: _("reading what runs"),
        Step.STAGE: _("the device checks the candidate"),
        Step.COMMIT: _("dead-man armed, applying"),
        Step.VERIFY: _("looking from outside, over a new connection"),
        Step.CONFIRM: _("confirming"),
        Step.REVERT: _("taking the change back"),
        Step.DONE: _("done"),
    }[progress.step]


def _ended(end: DeviceEnd) -> tuple[str, str]:
    from api.changes.model import Ended

    reason = "" if end.reason is None else str(end.reason)
    match end.ended:
        case Ended.CHANGED if reason:
            return _("changed, but {why}").format(why=reason), "yellow"
        case Ended.CHANGED:
            return _("changed"), "green"
        case Ended.UNCHANGED:
            return _("nothing to do"), ""
        case Ended.UNREACHABLE:
            return _("unreachable, nothing was changed: {reason}").format(reason=reason), "red"
        case Ended.FAILED:
            return _("failed: {reason} ({state})").format(reason=reason, state=_state(end.restored)), "red"
        case Ended.NOT_BEGUN:
            return reason or _("not begun: a device before it failed"), "yellow"


def _state(restored: Restored) -> str:
    return {
        Restored.UNTOUCHED: _("it was not touched"),
        Restored.YES: _("it runs as before"),
        Restored.UNKNOWN: _("nobody could ask; its dead-man takes the change back by itself"),
    }[restored]
