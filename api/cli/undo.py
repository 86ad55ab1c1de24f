"""`fosa undo`: a plan that takes the last change back."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from api.cli.putback import OnSite, Why, show
from inventory.words import gettext as _

__all__ = ["undo"]


def undo(
    why: Why,
    device: Annotated[
        str,
        typer.Argument(
            metavar="DEVICE",
            help=_("Its last change, on it alone; else the office's last, on all its devices."),
            show_default=False,
        ),
    ] = "",
    on_site: OnSite = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Nothing is sent yet: the plan is read, approved and carried out like any other. Undoing it does it again."""
    from api.archive import verbs
    from api.cli.questions import asked

    wish = asked(verbs.Undoing, device=device, why=why, on_site=on_site)
    show(desk().call(verbs.UNDO, wish), Output(as_json=as_json))
    return Exit.DONE
