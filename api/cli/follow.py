"""`fosa follow`: what a change does, step by step, until it has ended."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from inventory.errors import ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.changes.model import Change, DeviceEnd
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
    from api.changes.words import end_text, step_text

    progress = Progress.model_validate_json(line)
    if progress.end is not None:
        output.line(f"{progress.device:12} {end_text(progress.end)}", _style(progress.end))
    else:
        output.line(f"{progress.device:12} {step_text(progress.step)}", "dim")


def _style(end: DeviceEnd) -> str:
    from api.changes.model import Ended

    match end.ended:
        case Ended.CHANGED:
            return "yellow" if end.reason else "green"
        case Ended.REHEARSED:
            return "green"
        case Ended.UNCHANGED:
            return ""
        case Ended.UNREACHABLE | Ended.FAILED:
            return "red"
        case Ended.NOT_BEGUN:
            return "yellow"
