"""`fosa history`: what a device ran, since when, and who wanted it so."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.moment import when
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from inventory.words import gettext as _

__all__ = ["history"]


def history(
    device: Annotated[
        str, typer.Argument(metavar="DEVICE", help=_("All devices when none is named."), show_default=False)
    ] = "",
    show: Annotated[
        str, typer.Option("--show", metavar="REVISION", help=_("Print that text, secrets masked."), show_default=False)
    ] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help=_("How many revisions, the newest."))] = 50,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Revisions by their ids: `fosa diff` compares them, `fosa restore` puts one back."""
    from api.archive import verbs
    from api.archive.words import origin_text

    output = Output(as_json=as_json)
    if show:
        return _show(device, show, output)
    found = desk().call(verbs.LIST, verbs.History(device=device, limit=limit))
    width = max((len(each.device) for each in found.revisions), default=0)
    for each in found.revisions:
        output.line(f"{each.short}  {when(each.at)}  {each.device:{width}}  {origin_text(each)}")
    if found.more:
        output.line(_("{n} older ones: --limit").format(n=found.more))
    if not found.revisions:
        output.line(_("nothing is kept yet: the first change or adoption begins the history"))
    output.result({"revisions": [each.model_dump(mode="json") for each in found.revisions], "more": found.more})
    return Exit.DONE


def _show(device: str, revision: str, output: Output) -> int:
    from api.archive import verbs
    from api.archive.words import origin_text

    found = desk().call(verbs.SHOW, verbs.Whole(device=device, revision=revision))
    output.line(f"{found.revision.short}  {origin_text(found.revision)}", "bold")
    for section, text in found.sections.items():
        output.line(_("=== {section}").format(section=section), "bold")
        output.line(text.rstrip("\n"))
    output.result({"revision": found.revision.model_dump(mode="json"), "sections": found.sections})
    return Exit.DONE
