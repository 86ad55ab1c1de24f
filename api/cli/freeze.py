"""`fosa freeze` and `fosa unfreeze`: no change begins by itself meanwhile."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from api.cli.propose import Until, day
from inventory.words import gettext as _

__all__ = ["freeze", "unfreeze"]


def freeze(
    why: Annotated[
        list[str] | None, typer.Argument(metavar="WHY", help=_("Without it: tells how it is."), show_default=False)
    ] = None,
    until: Until = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Approved plans wait. Who may can still let one begin now."""
    from api.plans.verbs import FREEZE, Freezing

    output = Output(as_json=as_json)
    if why:
        desk().call(FREEZE, Freezing(why=" ".join(why), until=day(until)))
    return _tell(output)


def unfreeze(as_json: AsJson = False, lang: Lang = None) -> int:
    """What is approved begins when the window is open."""
    from api.desk.verb import Nothing
    from api.plans.verbs import END_FREEZE

    desk().call(END_FREEZE, Nothing())
    return _tell(Output(as_json=as_json))


def _tell(output: Output) -> int:
    from api.cli.moment import when
    from api.desk.verb import Nothing
    from api.plans.verbs import FREEZES

    found = desk().call(FREEZES, Nothing())
    output.result(found.model_dump(mode="json"))
    for each in found.freezes:
        text = _("frozen by {who} since {since}: {why}").format(who=each.by, since=when(each.since), why=each.why)
        output.line(text, "yellow")
        output.line(_("until it is ended") if each.until is None else _("until {day}").format(day=each.until))
    if not found.freezes:
        output.line(_("nothing is frozen"))
    return Exit.DONE
