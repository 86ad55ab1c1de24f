"""What the commands that put something back have in common: their options, and how their plan is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.planned import show_plan
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.cli.output import Output
    from api.plans.verbs import Shown

__all__ = ["OnSite", "Why", "show"]

Why = Annotated[
    str, typer.Option("--why", metavar="TEXT", help=_("The reason, as the history keeps it."), show_default=False)
]
OnSite = Annotated[
    str,
    typer.Option(
        "--on-site", metavar="WHO", help=_("Who stands beside a device that does not guard itself."), show_default=False
    ),
]


def show(shown: Shown, output: Output) -> None:
    """The plan, and by what command it goes on."""
    show_plan(shown, output)
    output.line(_("read and approve it: fosa approve {plan}").format(plan=shown.plan.id))
    output.result(shown.model_dump(mode="json"))
