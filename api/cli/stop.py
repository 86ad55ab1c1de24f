"""`fosa stop`: take back what a running change has not confirmed."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.follow import PlanName, follow_change
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from inventory.words import gettext as _

__all__ = ["stop"]


def stop(
    plan: PlanName,
    no_wait: Annotated[bool, typer.Option("--no-wait", help=_("Do not wait until it has ended."))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Stop a plan's change: devices that are not confirmed run again what they ran, confirmed ones stay as they are."""
    from api.work.verbs import STOP, WhichChange

    client, output = desk(), Output(as_json=as_json)
    change = client.call(STOP, WhichChange(plan=plan))
    output.line(_("the change {plan} is being stopped").format(plan=plan))
    if not no_wait:
        change = follow_change(client, plan, output)
    output.result(change.model_dump(mode="json"))
    return Exit.DONE
