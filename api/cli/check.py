"""`fosa check` and `fosa schema`: is the inventory sound, and what may it say."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import loaded
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from api.cli.unmet import unmet
from inventory.faults import Fault, Severity
from inventory.model import Office
from inventory.words import gettext as _
from inventory.words import ngettext

__all__ = ["check", "schema"]


def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help=_("The office's folder."), show_default=False)
    ] = None,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Load the inventory and report every fault at once."""
    output = Output(as_json=as_json)
    found = loaded(folder or inventory)
    for fault in found.faults:
        output.line(_line(fault), _STYLES[fault.severity])
    lacks = () if found.office is None else unmet(found.office, dt.datetime.now(dt.UTC))
    for lack in lacks:
        output.line(str(lack), "yellow" if lack.open else "dim")
    if found.office is not None:
        output.line(_summary(found.office))
    output.line(_counts(found.faults))
    output.result(
        {
            "sound": found.office is not None and not found.errors,
            "faults": [_as_json(f) for f in found.faults],
            "unexpressed": [lack.as_json() for lack in lacks],
        }
    )
    if found.errors:
        return Exit.BAD_INPUT
    return Exit.DIFFERENCE if found.warnings or any(lack.open for lack in lacks) else Exit.DONE


def schema(as_json: AsJson = False, lang: Lang = None) -> int:
    """Print the JSON Schema of an inventory file, for editors."""
    from inventory.schema import schema as file_schema

    typer.echo(json.dumps(file_schema(), ensure_ascii=False, indent=2))
    return Exit.DONE


_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def _line(fault: Fault) -> str:
    kinds = {Severity.ERROR: _("error"), Severity.WARNING: _("warning"), Severity.NOTE: _("note")}
    return f"{kinds[fault.severity]}: {fault}"


def _as_json(fault: Fault) -> dict[str, object]:
    return {
        "file": fault.file,
        "line": fault.line,
        "key": fault.key,
        "severity": fault.severity.value,
        "message": fault.message,
    }


def _summary(office: Office) -> str:
    return _(
        "{title}: {buildings} buildings, {devices} devices itemised, {counted} known by count, "
        "{flows} flows, {tunnels} tunnels"
    ).format(
        title=office.title,
        buildings=len(office.buildings),
        devices=len(office.devices),
        counted=sum(group.count for group in office.groups),
        flows=len(office.flows),
        tunnels=len(office.tunnels),
    )


def _counts(faults: tuple[Fault, ...]) -> str:
    errors = sum(f.severity is Severity.ERROR for f in faults)
    warnings = sum(f.severity is Severity.WARNING for f in faults)
    parts = (
        ngettext("{n} error", "{n} errors", errors).format(n=errors),
        ngettext("{n} warning", "{n} warnings", warnings).format(n=warnings),
    )
    return ", ".join(parts)
