"""`fosa diff`: what differs between two texts of a device."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from inventory.words import gettext as _

__all__ = ["diff"]


def diff(
    device: Annotated[str, typer.Argument(metavar="DEVICE", show_default=False)],
    older: Annotated[
        str,
        typer.Argument(metavar="REVISION", help=_("From what; else what was approved last."), show_default=False),
    ] = "",
    newer: Annotated[
        str, typer.Argument(metavar="REVISION", help=_("To what; else what the device runs."), show_default=False)
    ] = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Revisions are those of `fosa history`; `running` is what the device runs at this moment."""
    from api.archive import verbs

    output = Output(as_json=as_json)
    found = desk().call(verbs.DIFF, verbs.Comparison(device=device, older=older, newer=newer))
    for each in found.diffs:
        output.line(f"--- {each.section}", "bold")
        output.diff("\n".join(each.lines))
    if not found.diffs:
        output.line(_("no difference"))
    output.result(found.model_dump(mode="json"))
    return Exit.DIFFERENCE if found.diffs else Exit.DONE
