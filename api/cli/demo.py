"""`fosa demo`: the practice office up, pushed to, checked, and what of it is real."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from api.cli.exits import Exit
from api.cli.lab import EXAMPLE, LabName
from api.cli.office import settings
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from api.cli.serve import PORT, Port
from inventory.words import gettext as _

__all__ = ["demo"]


def demo(
    once: Annotated[
        bool,
        typer.Option(
            "--once", help=_("Take it away again; the exit code says whether everything was as it should be.")
        ),
    ] = False,
    name: LabName = "pila",
    port: Port = PORT,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Without root the office runs on devices in memory, which is said."""
    output = Output(as_json=as_json)
    if os.geteuid() != 0:
        from api.cli.memory import in_memory

        return in_memory(inventory or EXAMPLE, output)
    return _real(inventory or EXAMPLE, (name, port), output, once=once)


def _real(inventory: Path, wish: tuple[str, int], output: Output, *, once: bool) -> int:
    from api.cli.practice import Demo

    name, port = wish
    _require_port(name, port)
    run = Demo.begin(inventory, name, settings().state, output)
    try:
        sound = run.steps(port, breaking=once)
    except BaseException:
        run.end()
        raise
    if once:
        sound = run.end() and sound
    output.result({"sound": sound, "seconds": run.seconds, "findings": run.findings, "left_up": not once})
    return Exit.DONE if sound else Exit.FAILED


def _require_port(name: str, port: int) -> None:
    """InputError now rather than in a minute, when everything else stands; an office that is up says so by itself."""
    from api.serve.served import Door
    from lab import office

    if office.status(name, settings().state) is None:
        Door("127.0.0.1", port).open().close()
