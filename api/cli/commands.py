"""The table of commands, and what becomes of their errors."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from keyword import iskeyword

import typer

from api.cli.exits import Exit
from api.cli.options import group
from inventory import words
from inventory.errors import FosaError, InputError
from inventory.words import gettext as _
from inventory.words import noted as N_

__all__ = ["app", "run_command"]


@dataclass(frozen=True, slots=True)
class _Row:
    """A command, or a group of them: its name is that of the function or group in its module."""

    name: str
    module: str
    help: str


_ROWS = (
    _Row("check", "check", N_("Load the inventory and report every fault at once.")),
    _Row("schema", "check", N_("Print the JSON Schema of an inventory file, for editors.")),
    _Row("import", "importing", N_("Bring lists, running texts or a NetBox into the inventory.")),
    _Row("render", "render", N_("Render the configurations of managed devices.")),
    _Row("plan", "plan", N_("Show what a push would change, grouped by identical change.")),
    _Row("push", "push", N_("Change the devices so that they run what the inventory says.")),
    _Row("propose", "propose", N_("Make a plan that brings devices to what the inventory says.")),
    _Row("plans", "plans", N_("Show the plans that wait or run, or one of them in full.")),
    _Row("approve", "decide", N_("Read a plan and approve it.")),
    _Row("reject", "decide", N_("Say no to a plan.")),
    _Row("withdraw", "decide", N_("Take a plan back that waits.")),
    _Row("begin", "decide", N_("Let an approved plan begin outside the window.")),
    _Row("freeze", "freeze", N_("Let no change begin by itself, or tell whether that is so.")),
    _Row("unfreeze", "freeze", N_("End the freeze.")),
    _Row("enrol", "enrol", N_("Take a gateway in: its day 0, its host key compared and pinned, its accounts proved.")),
    _Row("adopt", "adopt", N_("Approve what a device was found running, as the first text of its history.")),
    _Row("replace", "replace", N_("Put another box in the place of a gateway.")),
    _Row("sheet", "sheet", N_("Print what to do at a gateway's console when fosa is dead.")),
    _Row("history", "history", N_("Show what devices ran, since when, and who wanted it so.")),
    _Row("diff", "diff", N_("Show what differs between two texts of a device.")),
    _Row("restore", "restore", N_("Propose to put an earlier text of a device back.")),
    _Row("undo", "undo", N_("Propose to take the last change back.")),
    _Row("drift", "drift", N_("Find where a device does not run what was approved; adopt it, or put it back.")),
    _Row("follow", "follow", N_("Show what a change does, step by step, until it has ended.")),
    _Row("stop", "stop", N_("Stop a running change: what is not confirmed is taken back.")),
    _Row("watch", "watch", N_("Show how tunnels, lines and gateways are, as they change.")),
    _Row("devices", "devices", N_("Tell how printers, switches, power supplies and firewalls are, by SNMP.")),
    _Row("probe", "probe", N_("Ask a probe now and tell what went over the wire, or list them all.")),
    _Row("channel", "channel", N_("Tell how the ways to platforms are, and what is owed them by when.")),
    _Row("comply", "comply", N_("Judge the office by the rules and the clauses they serve.")),
    _Row("serve", "serve", N_("Watch the office and serve its page, API and metrics.")),
    _Row("units", "units", N_("Write the files by which systemd runs fosa.")),
    _Row("maintenance", "maintenance", N_("Say that somebody works on the office's network.")),
    _Row("backup", "backup", N_("Write everything fosa knows into one sealed file.")),
    _Row("audit", "audit", N_("What was done, by whom; and the proof that the record is whole.")),
    _Row("people", "people", N_("Who has an account, and what it is for.")),
    _Row("token", "token", N_("Tokens, by which programs act for you.")),
    _Row("keys", "keys", N_("The office's authority, its certificates, and what is revoked.")),
    _Row("rotate", "rotate", N_("Propose new keys for a tunnel, made on its gateways.")),
    _Row("drill", "drill", N_("Propose to take a tunnel down for some seconds, to see that nothing leaks.")),
    _Row("lab", "lab", N_("The practice office made of network namespaces.")),
    _Row("demo", "demo", N_("Bring the practice office up, push to it, and check it.")),
)


def app() -> typer.Typer:
    """Every command there is."""
    return _app(_ROWS)


# Typer carries a click of its own and names only this child of what it raises for words it does not understand.
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]


def run_command(arguments: list[str]) -> int:
    """Run one command; errors become one message and a documented exit code."""
    try:
        code = _app(_wanted(arguments))(arguments, standalone_mode=False, prog_name="fosa")
    except _UsageError as error:
        print(_("{message} (fosa --help tells more)").format(message=error), file=sys.stderr)  # noqa: T201
        return Exit.BAD_INPUT
    except typer.Exit as error:
        return error.exit_code
    except typer.Abort:
        return Exit.INTERRUPTED
    except InputError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return Exit.BAD_INPUT
    except FosaError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return Exit.FAILED
    return int(code) if isinstance(code, int) else Exit.DONE


def _wanted(arguments: Sequence[str]) -> Iterable[_Row]:
    """Only the row of the command that is named, so that it starts without the other forty; all of them for help."""
    given = iter(arguments)
    for word in given:
        if word == "--lang":
            next(given, "")
        elif not word.startswith("--lang="):
            return [row for row in _ROWS if row.name == word] or _ROWS
    return _ROWS


def _app(rows: Iterable[_Row]) -> typer.Typer:
    made = typer.Typer(
        name="fosa",
        help=_("Configures and watches the network of a public office, so that no change can cut it off."),
        callback=group,
        invoke_without_command=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    for row in rows:
        # `import` is a word of Python: its function has an underscore behind it, as PEP 8 has it.
        found = getattr(import_module(f"api.cli.{row.module}"), f"{row.name}_" if iskeyword(row.name) else row.name)
        if isinstance(found, typer.Typer):
            made.add_typer(found, name=row.name, help=words.gettext(row.help))
        else:
            made.command(row.name, help=words.gettext(row.help))(found)
    return made
