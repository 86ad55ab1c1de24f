"""`fosa render`: the configurations as they would be pushed, secrets left as references."""

from __future__ import annotations

from collections.abc import Iterator
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
    from inventory.load import Loaded
    from inventory.model import Office
    from playbooks.byhand import Hand
    from templates.render import Rendered

__all__ = ["render"]


def render(
    devices: DeviceNames = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help=_("Write the files, and what Ansible needs to push them by hand, below DIR.")
        ),
    ] = None,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Render the configurations of managed devices."""
    from templates.render import render as render_device

    output = Output(as_json=as_json)
    found = loaded(inventory)
    office = found.require()
    bundles = tuple(render_device(office, device, today()) for device in select(office, devices or ()))
    if out is None:
        _print(bundles, output)
    else:
        _write(found, bundles, out, output)
    output.result({"devices": {b.device: {f.path: f.text for f in b.files} for b in bundles}})
    return Exit.DONE


def _print(bundles: tuple[Rendered, ...], output: Output) -> None:
    for bundle in bundles:
        for file in bundle.files:
            output.line(f"### {bundle.device}:{file.path}", "bold")
            output.line(file.text)


def _write(found: Loaded, bundles: tuple[Rendered, ...], folder: Path, output: Output) -> None:
    from playbooks.byhand import write_by_hand

    try:
        for bundle in bundles:
            for file in bundle.files:
                target = folder / bundle.device / file.path.lstrip("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(file.text, encoding="utf-8")
                output.line(str(target))
        written = write_by_hand(folder / "ansible", found.folder, _hands(found.require(), bundles))
        for path in written:
            output.line(str(path))
    except OSError as error:
        raise InputError(_("{folder}: cannot write there: {why}").format(folder=folder, why=error.strerror)) from error


def _hands(office: Office, bundles: tuple[Rendered, ...]) -> Iterator[Hand]:
    """What each device needs to be changed by hand, in the order of a push; nothing for one without access."""
    from playbooks.byhand import Hand
    from playbooks.change import waves
    from playbooks.verify import expected_tunnels

    by_name = {bundle.device: bundle for bundle in bundles}
    for wave in waves(office, tuple(office.device(name) for name in by_name)):
        for device in wave:
            if (access := office.access_to(device.name)) is not None:
                yield Hand(access, by_name[device.name], tuple(sorted(expected_tunnels(office, device))))
