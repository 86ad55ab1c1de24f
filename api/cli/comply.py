"""`fosa comply`: the office held against the rules, and what that means for clauses of law."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import loaded
from api.cli.options import AsJson, DeviceNames, InventoryFolder, Lang
from api.cli.output import Output
from inventory.errors import DriverError, FosaError, InputError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.drills.model import Drill
    from inventory.load import Loaded
    from inventory.model import Device, Office
    from monitor.basis import Basis
    from monitor.compliance.model import Report

__all__ = ["comply"]


def comply(
    devices: DeviceNames = None,
    intended: Annotated[
        bool, typer.Option("--intended", help=_("Judge what would be pushed; no device is asked."))
    ] = False,
    running: Annotated[bool, typer.Option("--running", help=_("Judge what the devices run."))] = False,
    live: Annotated[
        bool,
        typer.Option(
            "--live", help=_("Judge what they run and what is happening on them. This is what is done unasked.")
        ),
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help=_("Write the report as one HTML file."), show_default=False),
    ] = None,
    table: Annotated[
        bool,
        typer.Option("--table", help=_("Show which rule can be decided of which platform, and why not the others.")),
    ] = False,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Only the read accounts are used; nothing is left on a device."""
    if table:
        return _table(Output(as_json=as_json))
    basis = _basis(intended=intended, running=running, live=live)
    found = loaded(inventory)
    office = found.require()
    report = _judge(found, _chosen(office, devices or []), basis)
    output = Output(as_json=as_json)
    _show(report, office, output)
    if html is not None:
        _write(report, office, html)
        output.line(_("report written to {file}").format(file=html))
    return _exit_code(report)


def _table(output: Output) -> Exit:
    from api.cli.decidable import as_json, rows

    for text, style in rows():
        output.line(text, style)
    output.result(as_json())
    return Exit.DONE


def _basis(*, intended: bool, running: bool, live: bool) -> Basis:
    from monitor.basis import Basis

    if intended + running + live > 1:
        raise typer.BadParameter(_("only one of --intended, --running and --live"))
    if intended:
        return Basis.INTENDED
    return Basis.RUNNING if running else Basis.LIVE


def _chosen(office: Office, names: list[str]) -> tuple[Device, ...]:
    from inventory.select import select

    devices = select(office, names)
    if not devices:
        raise DriverError(_("the inventory has no device that fosa configures (none names a platform)"))
    return devices


def _judge(found: Loaded, devices: tuple[Device, ...], basis: Basis) -> Report:
    from api.judging import Seen, judge_office
    from inventory.secrets import SecretStore
    from monitor.basis import Basis

    office, secrets = found.require(), SecretStore(found.folder)
    if basis is not Basis.LIVE:
        return judge_office(office, devices, secrets, basis)
    from monitor.once import read_once
    from monitor.watch import read_keys

    watched = read_once(office, read_keys(office, secrets))
    return judge_office(office, devices, secrets, basis, Seen(watched, _drills()))


def _drills() -> tuple[Drill, ...]:
    """What the service has recorded; where none runs, or it tells this person nothing, no drill is known of."""
    from api.cli.desk import desk
    from api.desk.verb import Nothing
    from api.drills.verbs import LIST

    try:
        return desk().call(LIST, Nothing()).drills
    except FosaError:
        return ()


def _show(report: Report, office: Office, output: Output) -> None:
    from zoneinfo import ZoneInfo

    from monitor.compliance.catalogue.load import catalogue
    from monitor.compliance.report.text import lines

    for text, style in lines(report, catalogue(), ZoneInfo(office.calendar.timezone)):
        output.line(text, style)
    output.result(report.model_dump(mode="json"))


def _write(report: Report, office: Office, file: Path) -> None:
    from importlib.metadata import version
    from zoneinfo import ZoneInfo

    from api.reports.html import html
    from monitor.compliance.catalogue.load import catalogue

    text = html(report, catalogue(), ZoneInfo(office.calendar.timezone), version("fosa"))
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(_("{file}: cannot write there: {why}").format(file=file, why=error.strerror)) from error


def _exit_code(report: Report) -> Exit:
    """Nothing could be read, something could not, something failed, or all is in order."""
    from monitor.compliance.model import Result

    if report.problems:
        return Exit.FAILED if report.coverage.assets_judged else Exit.UNREACHABLE
    failed = any(finding.result is Result.FAIL for finding in report.findings)
    return Exit.DIFFERENCE if failed else Exit.DONE
