"""`fosa rotate`: new keys for a tunnel."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang, Summary
from api.cli.output import Output
from inventory.words import gettext as _

__all__ = ["rotate"]


def rotate(
    tunnel: Annotated[str, typer.Argument(metavar="TUNNEL", show_default=False)],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help=_("What it is for; stands in the audit."))],
    summary: Summary = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """The keys are made on the gateways and stay there; the plan that uses them waits for its approval."""
    from api.cli.planned import show_plan
    from api.cli.questions import asked, hidden
    from api.keys.verbs import ROTATE, Rotation

    output = Output(as_json=as_json)
    wish = asked(Rotation, tunnel=tunnel, why=why, passphrase=hidden(_("Passphrase of the authority")))
    answer = desk().call(ROTATE, wish)
    output.result(answer.model_dump(mode="json"))
    show_plan(answer.shown, output, summary=summary)
    if answer.also:
        text = _("The same gateways prove themselves by the new keys in these tunnels, too: {tunnels}")
        output.line(text.format(tunnels=", ".join(answer.also)))
    output.line(_("read and approve it: fosa approve {plan}").format(plan=answer.shown.plan.id))
    return Exit.DONE
