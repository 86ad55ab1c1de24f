"""The table of commands, and what becomes of their errors."""

from __future__ import annotations

import sys

import typer

from api.cli.adopt import adopt
from api.cli.audit import audit
from api.cli.backup import backup
from api.cli.check import check, schema
from api.cli.comply import comply
from api.cli.decide import approve, begin, reject, withdraw
from api.cli.demo import demo
from api.cli.diff import diff
from api.cli.drift import drift
from api.cli.enrol import enrol
from api.cli.exits import Exit
from api.cli.follow import follow
from api.cli.freeze import freeze, unfreeze
from api.cli.history import history
from api.cli.keys import keys
from api.cli.lab import lab
from api.cli.maintenance import maintenance
from api.cli.options import group
from api.cli.people import people
from api.cli.plan import plan
from api.cli.plans import plans
from api.cli.propose import propose
from api.cli.push import push
from api.cli.render import render
from api.cli.replace import replace
from api.cli.restore import restore
from api.cli.rotate import rotate
from api.cli.serve import serve
from api.cli.sheet import sheet
from api.cli.stop import stop
from api.cli.token import token
from api.cli.undo import undo
from api.cli.units import units
from api.cli.watch import watch
from inventory.errors import FosaError, InputError
from inventory.words import gettext as _

__all__ = ["app", "run_command"]

app = typer.Typer(
    name="fosa",
    help=_("Configures and watches the network of a public office, so that no change can cut it off."),
    callback=group,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command(help=_("Load the inventory and report every fault at once."))(check)
app.command(help=_("Print the JSON Schema of an inventory file, for editors."))(schema)
app.command(help=_("Render the configurations of managed devices."))(render)
app.command(help=_("Show what a push would change, grouped by identical change."))(plan)
app.command(help=_("Change the devices so that they run what the inventory says."))(push)
app.command(help=_("Make a plan that brings devices to what the inventory says."))(propose)
app.command(help=_("Show the plans that wait or run, or one of them in full."))(plans)
app.command(help=_("Read a plan and approve it."))(approve)
app.command(help=_("Say no to a plan."))(reject)
app.command(help=_("Take a plan back that waits."))(withdraw)
app.command(help=_("Let an approved plan begin outside the window."))(begin)
app.command(help=_("Let no change begin by itself, or tell whether that is so."))(freeze)
app.command(help=_("End the freeze."))(unfreeze)
app.command(help=_("Take a gateway in: its day 0, its host key compared and pinned, its accounts proved."))(enrol)
app.command(help=_("Approve what a gateway was found running, as the first text of its history."))(adopt)
app.command(help=_("Put another box in the place of a gateway."))(replace)
app.command(help=_("Print what to do at a gateway's console when fosa is dead."))(sheet)
app.command(help=_("Show what devices ran, since when, and who wanted it so."))(history)
app.command(help=_("Show what differs between two texts of a device."))(diff)
app.command(help=_("Propose to put an earlier text of a device back."))(restore)
app.command(help=_("Propose to take the last change back."))(undo)
app.command(help=_("Find where a device does not run what was approved; adopt it, or put it back."))(drift)
app.command(help=_("Show what a change does, step by step, until it has ended."))(follow)
app.command(help=_("Stop a running change: what is not confirmed is taken back."))(stop)
app.command(help=_("Show how tunnels, lines and gateways are, as they change."))(watch)
app.command(help=_("Judge the office by the rules and the clauses they serve."))(comply)
app.command(help=_("Watch the office and serve its page, API and metrics."))(serve)
app.command(help=_("Write the files by which systemd runs fosa."))(units)
app.command(help=_("Say that somebody works on the office's network."))(maintenance)
app.command(help=_("Write everything fosa knows into one sealed file."))(backup)
app.add_typer(audit, name="audit", help=_("What was done, by whom; and the proof that the record is whole."))
app.add_typer(people, name="people", help=_("Who has an account, and what it is for."))
app.add_typer(token, name="token", help=_("Tokens, by which programs act for you."))
app.add_typer(keys, name="keys", help=_("The office's authority, its certificates, and what is revoked."))
app.command(help=_("Propose new keys for a tunnel, made on its gateways."))(rotate)
app.add_typer(lab, name="lab", help=_("The practice office made of network namespaces."))
app.command(help=_("Bring the practice office up, push to it, and check it."))(demo)


# Typer carries a click of its own and names only this child of what it raises for words it does not understand.
_UsageError: type[Exception] = typer.BadParameter.__bases__[0]


def run_command(arguments: list[str]) -> int:
    """Run one command; errors become one message and a documented exit code."""
    try:
        code = app(arguments, standalone_mode=False, prog_name="fosa")
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
