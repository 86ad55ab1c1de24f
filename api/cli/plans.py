"""`fosa plans`: the plans that wait or run, or one of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang, Summary
from api.cli.output import Output
from inventory.errors import InputError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.plans.verbs import Brief, Plans, WhichPlan

__all__ = ["PlanName", "plans", "which"]

PlanName = Annotated[str, typer.Argument(metavar="PLAN", help=_("As fosa plans shows it."), show_default=False)]


def plans(
    plan: Annotated[
        str | None, typer.Argument(metavar="PLAN", help=_("Show this one in full."), show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help=_("Those that have ended, too."))] = False,
    summary: Summary = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Without a name: those that wait or run, and whether the window is open."""
    from api.cli.planned import show_plan
    from api.plans.verbs import LIST, SHOW, Which

    output = Output(as_json=as_json)
    if plan is not None:
        shown = desk().call(SHOW, which(plan))
        output.result(shown.model_dump(mode="json"))
        show_plan(shown, output, summary=summary)
        return Exit.DONE
    listed = desk().call(LIST, Which(all=every))
    output.result(listed.model_dump(mode="json"))
    _rows(listed, output)
    return Exit.DONE


def which(name: str) -> WhichPlan:
    """A plan's name as it was typed; InputError for what cannot be one."""
    from api.plans.verbs import WhichPlan

    try:
        return WhichPlan(plan=name)
    except ValueError:
        text = _("{name} is no plan: they are called like p-20261122-0001 (fosa plans)")
        raise InputError(text.format(name=repr(name)[:40])) from None


def _rows(listed: Plans, output: Output) -> None:
    from api.cli.moment import when
    from api.plans.words import state_text

    for row in listed.plans:
        output.line(f"{row.id}  {state_text(row.state):24} {row.author:12} {', '.join(row.devices)}", "bold")
        output.line(f"    {row.why}")
        output.line(f"    {_told(row)}")
    if not listed.plans:
        output.line(_("no plan waits or runs"))
    if listed.closed is None:
        output.line(_("The window is open."))
    else:
        opens = _("not known") if listed.opens is None else when(listed.opens)
        output.line(_("The window is closed: {why}; it opens: {when}").format(why=listed.closed, when=opens), "yellow")


def _told(row: Brief) -> str:
    from api.cli.moment import when
    from api.plans.words import risk_text

    parts = [_("touches: {risks}").format(risks=", ".join(map(risk_text, row.risks)) or _("nothing"))]
    if row.approved_by:
        parts.append(_("approved by {who}").format(who=", ".join(row.approved_by)))
    parts.append(str(row.remark) if row.remark is not None else _("to begin by {until}").format(until=when(row.until)))
    return "; ".join(parts)
