"""`fosa rotate`: new keys for a tunnel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.office import loaded
from api.cli.options import AsJson, InventoryFolder, Lang, Summary
from api.cli.output import Output
from inventory.errors import FosaError, InputError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.keys.verbs import Rotated
    from inventory.load import Loaded

__all__ = ["rotate"]


def rotate(
    tunnel: Annotated[str, typer.Argument(metavar="TUNNEL", show_default=False)],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help=_("What it is for; stands in the audit."))],
    finish: Annotated[
        bool, typer.Option("--finish", help=_("A shared key: drop the previous one, both ends have the new one."))
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask before the inventory is changed."))] = False,
    summary: Summary = False,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """A private key is made on its gateway and stays there, a shared one in a file of the inventory; the plan that uses
    them waits for its approval.
    """
    from api.cli import sharing
    from api.cli.planned import show_plan

    output, found = Output(as_json=as_json), _at_hand(inventory)
    if found is not None and sharing.is_shared(found.office, tunnel):
        turn = sharing.finish if finish else sharing.begin
        answer, then = turn(found, sharing.Wish(tunnel, why, yes=yes), output)
    elif finish:
        raise InputError(
            _("only a shared key is changed in two plans: nothing of {tunnel} is to be finished").format(tunnel=tunnel)
        )
    else:
        answer, then = _certified(tunnel, why), ""
    output.result(answer.model_dump(mode="json"))
    show_plan(answer.shown, output, summary=summary)
    if answer.also:
        text = _("The same gateways prove themselves by the new keys in these tunnels, too: {tunnels}")
        output.line(text.format(tunnels=", ".join(answer.also)))
    output.line(_("read and approve it: fosa approve {plan}").format(plan=answer.shown.plan.id))
    if then:
        output.line(then)
    return Exit.DONE


def _at_hand(inventory: Path | None) -> Loaded | None:
    """The inventory, where there is one here: certificates are rotated without it."""
    try:
        return loaded(inventory)
    except (OSError, FosaError):
        if inventory is not None:
            raise
        return None


def _certified(tunnel: str, why: str) -> Rotated:
    from api.cli.questions import asked, hidden
    from api.keys.verbs import ROTATE, Rotation

    return desk().call(
        ROTATE, asked(Rotation, tunnel=tunnel, why=why, passphrase=hidden(_("Passphrase of the authority")))
    )
