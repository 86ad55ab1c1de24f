"""`fosa drill`: a tunnel is taken down for some seconds, to see that nothing leaves in clear."""

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
    from api.drills.verbs import Drills

__all__ = ["drill"]


def drill(
    tunnel: Annotated[
        str, typer.Argument(metavar="TUNNEL", help=_("Without one: how the last drills went."), show_default=False)
    ] = "",
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help=_("What it is for; stands in the audit."))] = "",
    summary: Summary = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """The plan waits for its approval and the window. Then the tunnel goes down under the dead-man, something is sent
    at its far end, both ends listen on their lines, and it comes back.
    """
    from api.cli.planned import show_plan
    from api.cli.questions import asked
    from api.desk.verb import Nothing
    from api.drills.verbs import LIST, PROPOSE, Rehearsal

    output = Output(as_json=as_json)
    if not tunnel:
        return _last(desk().call(LIST, Nothing()), output)
    if not why:
        raise InputError(_("say what it is for: --why TEXT"))
    shown = desk().call(PROPOSE, asked(Rehearsal, tunnel=tunnel, why=why))
    output.result(shown.model_dump(mode="json"))
    show_plan(shown, output, summary=summary)
    output.line(_("read and approve it: fosa approve {plan}").format(plan=shown.plan.id))
    return Exit.DONE


def _last(drills: Drills, output: Output) -> int:
    output.result(drills.model_dump(mode="json"))
    if not drills.drills:
        output.line(_("no tunnel has been drilled yet"))
    for each in drills.drills:
        style = "green" if each.passed else "red"
        output.line(f"{each.tunnel:12} {each.at:%Y-%m-%d %H:%M} UTC  {each.said}", style)
    return Exit.DONE if all(each.passed for each in drills.drills) else Exit.FAILED
