"""`fosa adopt`: what a device was found running becomes its first approved text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.enrol import DeviceName
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang, Summary
from api.cli.output import Output
from inventory.words import gettext as _
from inventory.words import ngettext

if TYPE_CHECKING:
    from api.dayzero.verbs import Adopted

__all__ = ["adopt"]


def adopt(
    device: DeviceName,
    why: Annotated[
        str, typer.Option("--why", metavar="TEXT", help=_("Why it is right as it is."), show_default=False)
    ] = "",
    summary: Summary = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Nothing on the device is changed. Said twice it is adopted once."""
    from api.cli.desk import desk
    from api.dayzero.verbs import ADOPT, Adopting

    adopted = desk().call(ADOPT, Adopting(device=device, why=why or _("taken in as it was found")))
    output = Output(as_json=as_json)
    _show(device, adopted, output, summary=summary)
    output.result(adopted.model_dump(mode="json"))
    return Exit.DONE


def _show(device: str, adopted: Adopted, output: Output, *, summary: bool) -> None:
    said = _("{device}: {revision} is approved already") if adopted.already else _("{device}: {revision} is approved")
    output.line(said.format(device=device, revision=adopted.revision.short), "green")
    count = len(adopted.findings)
    broken = ngettext("{n} finding on what it runs:", "{n} findings on what it runs:", count)
    if count:
        output.line(broken.format(n=count), "yellow")
    for finding in adopted.findings:
        output.line(f"  {finding.severity:8} {finding.rule}: {finding.message}")
    if adopted.undecided:
        output.line(_("not decided: {rules}").format(rules=", ".join(adopted.undecided)), "yellow")
    if adopted.unknown is not None:
        output.line(str(adopted.unknown), "yellow")
    elif not adopted.differs:
        output.line(_("it runs what the inventory says"))
    for diff in adopted.differs:
        count = sum(line[:1] in {"+", "-"} for line in diff.lines)
        text = ngettext(
            "{section}: {n} line differs from the inventory", "{section}: {n} lines differ from the inventory", count
        )
        output.line(text.format(section=diff.section, n=count), "bold")
        if not summary:
            output.diff("\n".join(diff.lines))
