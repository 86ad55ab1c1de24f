"""`fosa sheet`: the paper that lies beside a gateway for the day fosa is dead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.enrol import DeviceName
from api.cli.exits import Exit
from api.cli.office import loaded, today
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from inventory.errors import FosaError, InputError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.dayzero.sheet import Certificate

__all__ = ["sheet"]


def sheet(
    device: DeviceName,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help=_("Write it as one HTML file to be printed, Polish and English."),
            show_default=False,
        ),
    ] = None,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Needs the inventory only; from a service that runs it has the certificates, too. Print it again after changes."""
    from api.dayzero import sheet as paper
    from inventory.select import gateway

    office, output = loaded(inventory).require(), Output(as_json=as_json)
    printed = paper.sheet(office, gateway(office, device), today(), _certificates(device))
    if html is None:
        for text, style in paper.lines(printed):
            output.line(text, style)
    else:
        try:
            html.write_text(paper.html(printed), encoding="utf-8")
        except OSError as error:
            raise InputError(_("{file}: cannot write there: {why}").format(file=html, why=error.strerror)) from error
        output.line(_("sheet written to {file}").format(file=html))
    steps = [
        {"part": str(part.title), "text": str(step.text), "command": step.command}
        for part in printed.parts
        for step in part.steps
    ]
    output.result({"device": device, "steps": steps})
    return Exit.DONE


def _certificates(device: str) -> tuple[Certificate, ...] | None:
    """What the register has of the device; None when there is nobody to ask, or he does not tell."""
    from api.cli.desk import desk
    from api.dayzero.sheet import Certificate
    from api.desk.verb import Nothing
    from api.keys.model import Known
    from api.keys.verbs import LIST

    try:
        register = desk().call(LIST, Nothing())
    except FosaError:
        return None
    each = (due.certificate for due in register.certificates)
    own = (one for one in each if one.where == device and one.known in {Known.ISSUED, Known.FOUND})
    return tuple(
        Certificate(", ".join(one.identities) or one.subject, one.serial, one.not_after.date())
        for one in own
        if not one.gone and one.revoked_at is None
    )
