"""`fosa lab`: the practice office, up, down, served, and from inside."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import settings
from api.cli.options import AsJson, InventoryFolder, Lang, group
from api.cli.output import Output
from api.cli.serve import PORT, Port
from inventory.words import gettext as _
from inventory.words import language

if TYPE_CHECKING:
    from lab.paths import Phase

__all__ = ["EXAMPLE", "LabName", "inside_environment", "lab"]

EXAMPLE = Path(__file__).parents[2] / "inventory" / "examples" / "pila"
"""The office the practice office is built from when no other is named."""

LabName = Annotated[
    str, typer.Option("--name", metavar="NAME", help=_("Which practice office, where there are several."))
]

lab = typer.Typer(callback=group, invoke_without_command=True, rich_markup_mode=None)


@lab.command(help=_("Build the practice office and leave it running."))
def up(name: LabName = "pila", inventory: InventoryFolder = None, as_json: AsJson = False, lang: Lang = None) -> int:
    """Build an office from network namespaces: real sshd, charon, nftables, snmpd, chronyd; nothing on this machine."""
    from lab import office

    output = Output(as_json=as_json)
    now = office.up(inventory or EXAMPLE, name, settings().state, output.line)
    output.line(
        _(
            "The practice office {name} is up: {n} nodes. Look: fosa lab status{option}. Stop: fosa lab down{option}"
        ).format(name=name, n=len(now.nodes), option="" if name == "pila" else f" --name {name}")
    )
    output.result({"name": name, "office": now.office, "nodes": [node.name for node in now.nodes]})
    return Exit.DONE


@lab.command(help=_("Take the practice office away, also what a killed run left behind."))
def down(name: LabName = "pila", as_json: AsJson = False, lang: Lang = None) -> int:
    """Tear down; fine when there is nothing."""
    from api.cli.served import stop
    from lab import office

    output = Output(as_json=as_json)
    stop(name, settings().state)
    found = office.down(name, settings().state)
    output.line(
        _("the practice office {name} is gone").format(name=name)
        if found
        else _("there was no practice office {name}").format(name=name)
    )
    output.result({"name": name, "found": found})
    return Exit.DONE


@lab.command(help=_("What runs, and where."))
def status(name: LabName = "pila", as_json: AsJson = False, lang: Lang = None) -> int:
    """One line a node. Exit code 1 when it is not up."""
    from lab import office

    output = Output(as_json=as_json)
    now = office.status(name, settings().state)
    if now is None:
        output.line(_("the practice office {name} is not up").format(name=name))
        output.result({"name": name, "up": False})
        return Exit.FAILED
    output.line(_("{name}: {phase} ({step})").format(name=now.name, phase=_phase(now.phase), step=now.step), "bold")
    for node in now.nodes:
        place = " ".join(part for part in (node.building, node.zone) if part)
        output.line(f"  {node.name:18} {node.kind:11} {place:10} {' '.join(node.addresses)}")
    output.result(
        {"name": name, "up": True, "phase": now.phase.value, "office": now.office, "nodes": [n.name for n in now.nodes]}
    )
    return Exit.DONE


def _phase(phase: Phase) -> str:
    return {"building": _("being built"), "ready": _("ready"), "failed": _("could not be built")}[phase.value]


@lab.command(help=_("Watch the practice office from its manager's host and show it on this machine."))
def serve(
    name: LabName = "pila",
    port: Port = PORT,
    detach: Annotated[
        bool, typer.Option("--detach", help=_("Leave it running; fosa lab down ends it, or --stop."))
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help=_("End one that was left running."))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """The page at the loopback address of this machine; the office itself stays as it is."""
    from api.cli import served

    output = Output(as_json=as_json)
    url = f"http://127.0.0.1:{port}/"
    if stop:
        found = served.stop(name, settings().state)
        output.line(_("no longer served") if found else _("it was not served"))
        output.result({"name": name, "found": found})
        return Exit.DONE
    if not detach:
        return served.foreground(name, port, output.line)
    pid = served.detached(name, port)
    output.line(_("{url} shows the practice office {name}").format(url=url, name=name))
    output.result({"name": name, "url": url, "process": pid})
    return Exit.DONE


@lab.command(
    help=_("A shell, or one command, inside a device or host; fosa itself works from the manager."),
    context_settings={"allow_interspersed_args": False},
)
def shell(
    node: Annotated[str, typer.Argument(metavar="NAME", help=_("A device or host of the practice office."))],
    command: Annotated[list[str] | None, typer.Argument(metavar="COMMAND", show_default=False)] = None,
    name: LabName = "pila",
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Replace this process by the shell or command."""
    from lab import office

    state = settings().state
    argv = office.shell_command(name, state, node)
    now = office.status(name, state)
    if command and now is not None:
        runs = office.device_command if now.node(node).init else office.host_command
        argv = runs(name, state, node, command)
    os.execvpe(argv[0], argv, inside_environment(now.office if now else ""))


def inside_environment(office: str) -> dict[str, str]:
    """The environment inside: this one's, with this fosa, the practice office's inventory and this language at hand."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "PATH": path, "FOSA_INVENTORY": office, "FOSA_LANG": language()}
