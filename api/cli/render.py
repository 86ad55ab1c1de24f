"""`fosa render`: the configurations as they would be pushed, secrets left as references."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import loaded, today
from api.cli.options import AsJson, DeviceNames, InventoryFolder, Lang
from api.cli.output import Output
from inventory.errors import InputError
from inventory.select import select
from inventory.words import gettext as _

if TYPE_CHECKING:
    from inventory.model import Office
    from templates.render import Rendered

__all__ = ["render"]


def render(
    devices: DeviceNames = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=_("Write the files, and what Ansible needs to push them by hand, below DIR.")),
    ] = None,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Render the configurations of managed devices."""
    from templates.render import render as render_device  # noqa: PLC0415  Jinja2 only where it is used

    output = Output(as_json=as_json)
    found = loaded(inventory)
    office = found.require()
    bundles = tuple(render_device(office, device, today()) for device in select(office, devices or ()))
    if out is None:
        _print(bundles, output)
    else:
        _write(office, bundles, out, output)
    output.result({"devices": {b.device: {f.path: f.text for f in b.files} for b in bundles}})
    return Exit.DONE


def _print(bundles: tuple[Rendered, ...], output: Output) -> None:
    for bundle in bundles:
        for file in bundle.files:
            output.line(f"### {bundle.device}:{file.path}", "bold")
            output.line(file.text)


def _write(office: Office, bundles: tuple[Rendered, ...], folder: Path, output: Output) -> None:
    from playbooks.byhand import write_by_hand  # noqa: PLC0415

    try:
        for bundle in bundles:
            for file in bundle.files:
                target = folder / bundle.device / file.path.lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(file.text, encoding="utf-8")
                output.line(str(target))
        write_by_hand(office, bundles, folder / "ansible")
    except OSError as error:
        raise InputError(_("{folder}: cannot write there: {why}").format(folder=folder, why=error.strerror)) from error
