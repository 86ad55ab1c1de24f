"""`fosa propose`: make a plan that brings devices to what the inventory says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.office import loaded
from api.cli.options import AsJson, DeviceNames, InventoryFolder, Lang, Summary
from api.cli.output import Output
from inventory.errors import FosaError, InputError
from inventory.words import gettext as _

__all__ = ["Until", "day", "propose", "stamped"]

Until = Annotated[
    str | None,
    typer.Option("--until", metavar="YYYY-MM-DD", help=_("The last day, included."), show_default=False),
]


def propose(
    devices: DeviceNames = None,
    building: Annotated[
        str | None, typer.Option("--building", metavar="NAME", help=_("All of a building."), show_default=False)
    ] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help=_("What it is for; stands in the audit."))] = "",
    until: Until = None,
    on_site: Annotated[
        str, typer.Option("--on-site", metavar="WHO", help=_("Who stands beside a device that does not guard itself."))
    ] = "",
    summary: Summary = False,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """What runs is read and compared; the plan waits for its approval. Nothing is changed."""
    from api.cli.planned import show_plan
    from api.plans.verbs import PROPOSE, Proposal

    if not why:
        raise InputError(_("say what it is for: --why TEXT"))
    asked = Proposal(
        devices=tuple(devices or ()),
        building=building,
        why=why,
        until=day(until),
        on_site=on_site,
        inventory=stamped(inventory),
    )
    answer = desk().call(PROPOSE, asked)
    output = Output(as_json=as_json)
    output.result(answer.model_dump(mode="json"))
    for sentence in answer.left_out:
        output.problem(str(sentence))
    if answer.shown is None:
        output.line(_("nothing to do: every device that answered runs what it should"))
        return Exit.FAILED if answer.left_out else Exit.DONE
    show_plan(answer.shown, output, summary=summary)
    output.line(_("read and approve it: fosa approve {plan}").format(plan=answer.shown.plan.id))
    return Exit.DONE


def stamped(inventory: Path | None) -> str | None:
    """What tells the inventory at hand from another one; None where there is none, or none that can be read."""
    from api.plans.stamp import stamp

    try:
        office = loaded(inventory).office
    except (OSError, FosaError):
        if inventory is not None:
            raise
        return None
    return None if office is None else stamp(office)


def day(text: str | None) -> dt.date | None:
    """A day as it is typed; InputError when it is none."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(_("{text} is no day: write it as 2026-11-30").format(text=repr(text)[:40])) from None
