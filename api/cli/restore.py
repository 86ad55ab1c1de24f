"""`fosa restore`: a plan that puts an earlier text of a device back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.backup import PassphraseFile, everything
from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from api.cli.putback import OnSite, Why, show
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["restore"]


def restore(
    device: Annotated[str, typer.Argument(metavar="DEVICE", show_default=False)] = "",
    revision: Annotated[str, typer.Argument(metavar="REVISION", show_default=False)] = "",
    why: Why = "",
    on_site: OnSite = "",
    all_of: Annotated[
        Path | None,
        typer.Option(
            "--everything",
            metavar="FILE",
            help=_("Put a backup back where nothing is (fosa backup)."),
            show_default=False,
        ),
    ] = None,
    passphrase_file: PassphraseFile = None,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Nothing is sent yet: the plan is read, approved and carried out like any other."""
    if all_of is not None:
        return everything(all_of, passphrase_file, inventory, Output(as_json=as_json))
    if not (device and revision and why):
        raise InputError(_("name a device, a revision and --why, or a backup by --everything"))
    from api.archive import verbs
    from api.cli.questions import asked

    wish = asked(verbs.Restoration, device=device, revision=revision, why=why, on_site=on_site)
    show(desk().call(verbs.RESTORE, wish), Output(as_json=as_json))
    return Exit.DONE
