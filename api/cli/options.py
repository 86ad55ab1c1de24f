"""The options every command has."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inventory.words import gettext as _

__all__ = ["AsJson", "DeviceNames", "InventoryFolder", "Lang", "Summary"]

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
    typer.Argument(
        metavar="[DEVICE]...", help=_("Managed devices; all of them when none is named."), show_default=False
    ),
]
Summary = Annotated[bool, typer.Option("--summary", help=_("How many lines change, without the lines."))]
