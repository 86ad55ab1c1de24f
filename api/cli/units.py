"""`fosa units`: the files by which systemd runs fosa."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from api.cli.exits import Exit
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from api.cli.serve import PORT, Port
from inventory.words import gettext as _

__all__ = ["units"]


def units(
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help=_("Below which folder; / installs them."), show_default=False)
    ],
    state: Annotated[Path, typer.Option("--state", metavar="DIR", help=_("Where fosa keeps its state."))] = Path(
        "/var/lib/fosa"
    ),
    inventory: Annotated[Path, typer.Option("--inventory", metavar="DIR", help=_("The office's folder."))] = Path(
        "/etc/fosa/office"
    ),
    python: Annotated[
        Path | None,
        typer.Option(
            "--python", metavar="FILE", help=_("Of the environment fosa is in. [default: this one]"), show_default=False
        ),
    ] = None,
    port: Port = PORT,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Three services, each under its own account, and what makes accounts and folders. Nothing is started."""
    from api.serve.installed import Installation, write_units

    wish = Installation(state, inventory, port, str(python or sys.executable))
    written = write_units(to.absolute(), wish)
    output = Output(as_json=as_json)
    for file in written:
        output.line(str(file))
    output.line(_("then: systemd-sysusers; systemd-tmpfiles --create; systemctl enable --now fosa.target"))
    output.result({"files": [str(file) for file in written]})
    return Exit.DONE
