"""`fosa maintenance`: say that somebody works on the office's network, so that alarms can be told from it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import settings
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["Turn", "maintenance"]


class Turn(StrEnum):
    """Begin or end."""

    ON = "on"
    OFF = "off"


def maintenance(
    turn: Annotated[
        Turn | None, typer.Argument(metavar="on|off", help=_("Without it: tells how it is."), show_default=False)
    ] = None,
    reason: Annotated[
        list[str] | None, typer.Argument(metavar="REASON", help=_("With on: what is being done."), show_default=False)
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help=_("Name of a practice office."), show_default=False)
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """`/healthz` answers 503 meanwhile, and the page says why."""
    from api.serve import word
    from api.serve.place import Place

    file = Place.of(_state(name)).maintenance
    match turn:
        case Turn.ON:
            word.begin(file, " ".join(reason or ()))
        case Turn.OFF:
            word.end(file)
        case None:
            pass
    now = word.reason_of(file)
    output = Output(as_json=as_json)
    output.line(_("maintenance: {reason}").format(reason=now) if now else _("no maintenance under way"))
    output.result({"maintenance": bool(now), "reason": now})
    return Exit.DONE


def _state(practice: str | None) -> Path:
    if practice is None:
        return settings().state
    from lab.paths import LabPaths

    folder = LabPaths.of(practice, settings().state).folder
    if not folder.is_dir():
        raise InputError(_("there is no practice office {name}").format(name=practice))
    return folder
