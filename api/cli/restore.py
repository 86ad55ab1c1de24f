"""`fosa restore`: a plan that puts an earlier text of a device back."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from api.cli.putback import OnSite, Why, show

__all__ = ["restore"]


def restore(
    device: Annotated[str, typer.Argument(metavar="DEVICE", show_default=False)],
    revision: Annotated[str, typer.Argument(metavar="REVISION", show_default=False)],
    why: Why,
    on_site: OnSite = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Nothing is sent yet: the plan is read, approved and carried out like any other."""
    from api.archive import verbs
    from api.cli.questions import asked

    wish = asked(verbs.Restoration, device=device, revision=revision, why=why, on_site=on_site)
    show(desk().call(verbs.RESTORE, wish), Output(as_json=as_json))
    return Exit.DONE
