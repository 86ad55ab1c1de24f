"""The options every command has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.exits import Exit
from inventory.words import gettext as _

__all__ = ["AsJson", "DeviceNames", "InventoryFolder", "Lang", "Summary", "group"]

InventoryFolder = Annotated[
    Path | None,
    typer.Option(
        "--inventory", metavar="DIR", help=_("The office's folder. [default: $FOSA_INVENTORY or .]"), show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON object instead of text."))]
Lang = Annotated[
    str | None, typer.Option("--lang", metavar="pl|en", help=_("Language of the texts."), show_default=False)
]
DeviceNames = Annotated[
    list[str] | None,
    typer.Argument(metavar="DEVICE", help=_("Managed devices; all of them when none is named."), show_default=False),
]
Summary = Annotated[bool, typer.Option("--summary", help=_("How many lines change, without the lines."))]


def group(context: typer.Context, lang: Lang = None) -> None:
    """What `fosa` and `fosa lab` do themselves: take --lang too, and tell the commands when none is named."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(Exit.BAD_INPUT)
