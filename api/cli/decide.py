"""`fosa approve`, `reject`, `withdraw` and `begin`: a person decides on a plan."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang, Summary
from api.cli.output import Output
from api.cli.plans import PlanName, which
from inventory.errors import InputError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.plans.verbs import Reasoned, Stands

__all__ = ["agreed", "approve", "begin", "reject", "tell", "withdraw"]

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help=_("Stands in the audit."))]
Yes = Annotated[bool, typer.Option("--yes", help=_("Do not ask."))]


def approve(
    plan: PlanName, yes: Yes = False, summary: Summary = False, as_json: AsJson = False, lang: Lang = None
) -> int:
    """Shows the plan, asks, and approves just what was shown. It begins when the window opens."""
    from api.cli.planned import show_plan
    from api.plans.verbs import APPROVE, SHOW, Approving

    client, output = desk(), Output(as_json=as_json)
    shown = client.call(SHOW, which(plan))
    show_plan(shown, output, summary=summary)
    if not agreed(_("Approve {plan}?").format(plan=plan), output, yes=yes):
        return Exit.DIFFERENCE
    return tell(client.call(APPROVE, Approving(plan=plan, digest=shown.digest)), output)


def reject(plan: PlanName, why: Why = "", as_json: AsJson = False, lang: Lang = None) -> int:
    """The plan ends; nothing is changed."""
    from api.plans.verbs import REJECT

    return tell(desk().call(REJECT, _reasoned(plan, why)), Output(as_json=as_json))


def withdraw(plan: PlanName, why: Why = "", as_json: AsJson = False, lang: Lang = None) -> int:
    """The plan ends; nothing is changed."""
    from api.plans.verbs import WITHDRAW

    return tell(desk().call(WITHDRAW, _reasoned(plan, why or _("no longer wanted"))), Output(as_json=as_json))


def begin(plan: PlanName, as_json: AsJson = False, lang: Lang = None) -> int:
    """It begins although the window is closed or changes are frozen; that stands in the audit."""
    from api.plans.verbs import BEGIN

    return tell(desk().call(BEGIN, which(plan)), Output(as_json=as_json))


def tell(stands: Stands, output: Output) -> int:
    """Say where a plan is now."""
    from api.cli.moment import when
    from api.plans.words import state_text

    output.result(stands.model_dump(mode="json"))
    output.line(f"{stands.plan}: {state_text(stands.state)}")
    if stands.waits_for is not None:
        opens = "" if stands.opens is None else " " + _("(the window opens {when})").format(when=when(stands.opens))
        output.line(f"{stands.waits_for}{opens}", "yellow")
    return Exit.DONE


def agreed(question: str, output: Output, *, yes: bool) -> bool:
    """Whether somebody at the terminal says yes; InputError when nobody is there to be asked."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise InputError(_("nobody is there to agree: add --yes; nothing was changed"))
    if typer.confirm(question, default=False, err=True):
        return True
    output.line(_("nothing was changed"))
    return False


def _reasoned(plan: str, why: str) -> Reasoned:
    from api.plans.verbs import Reasoned

    if not why:
        raise InputError(_("say why: --why TEXT"))
    return Reasoned(plan=which(plan).plan, why=why)
