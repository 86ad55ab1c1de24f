"""`fosa push`: change the devices so that they run what the inventory says."""

from __future__ import annotations

import datetime as dt
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event as Flag
from typing import Annotated

import typer

from api.changes.words import restored_text, step_text
from api.cli.exits import Exit
from api.cli.office import today
from api.cli.options import AsJson, DeviceNames, InventoryFolder, Lang, Summary
from api.cli.output import Output
from api.cli.plan import plan_json, show
from api.cli.propose import stamped
from api.cli.pushed import Asked, push_served, served
from api.cli.targets import Carrier, Looked, Targets, exit_code, look, require_devices, targets
from api.plans.model import mates
from inventory.calendar import Opening, opening
from inventory.errors import InputError
from inventory.words import gettext as _
from playbooks.act import Actor, Direct
from playbooks.change import (
    Changed,
    Event,
    Failed,
    Interrupted,
    NotBegun,
    Order,
    Outcome,
    Unchanged,
    Unreachable,
    change,
)
from playbooks.drivers import CarrierKind
from playbooks.outlook import Outlook, outlooks
from playbooks.verify import Verify, expected_tunnels

__all__ = ["Wish", "push", "run"]


_REVERT_AFTER = 60


def push(
    devices: DeviceNames = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    revert_after: Annotated[
        int,
        typer.Option(
            min=10,
            max=3600,
            metavar="SECONDS",
            help=_("How long a device waits for its confirmation before it takes a change back."),
        ),
    ] = _REVERT_AFTER,
    why: Annotated[
        str, typer.Option("--why", metavar="TEXT", help=_("What it is for; stands in the audit of fosa serve."))
    ] = "",
    summary: Summary = False,
    carrier: Carrier = None,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Stage, commit with the device's dead-man armed, verify over new connections, confirm; else take it back.

    Where fosa serve runs, it makes the change: proposed, and approved here if the office lets the author do so.
    """
    if (client := served()) is not None:
        _leave_to_service(revert_after, carrier)
        asked = Asked(tuple(devices or ()), why or "fosa push", stamped(inventory), yes=yes, summary=summary)
        return push_served(client, asked, Output(as_json=as_json))
    chosen = targets(inventory, devices or (), carrier)
    seen = outlooks(chosen.office, chosen.devices, today())
    return run(chosen, Output(as_json=as_json), Wish(revert_after, seen, yes=yes, summary=summary))


def _leave_to_service(revert_after: int, carrier: CarrierKind | None) -> None:
    if revert_after != _REVERT_AFTER or carrier is not None:
        raise InputError(
            _("fosa serve runs and makes the change: leave --carrier and --revert-after out (the office's `changes:`)")
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """How a push is wanted."""

    revert_after: int = _REVERT_AFTER
    """Seconds a device waits for its confirmation."""
    outlooks: Mapping[str, Outlook] = field(default_factory=dict)
    """What is looked at from here before and after."""
    yes: bool = False
    summary: bool = False


def run(chosen: Targets, output: Output, wish: Wish) -> int:
    """Plan, ask unless told to go ahead, change, report; the exit code."""
    require_devices(chosen)
    looked = look(chosen)
    show(looked, output, summary=wish.summary)
    if not looked.changed:
        output.result({**plan_json(looked), "outcomes": {}})
        return exit_code(looked) or Exit.DONE
    _say_when(chosen, output)
    if not _agreed(looked, output, yes=wish.yes):
        return Exit.DIFFERENCE
    outcomes = _change(chosen, looked, output, wish)
    output.result({**plan_json(looked), "outcomes": {name: _as_json(outcome) for name, outcome in outcomes.items()}})
    return _exit_code(outcomes, looked)


def _change(chosen: Targets, looked: Looked, output: Output, wish: Wish) -> Mapping[str, Outcome]:
    orders = [[_order(chosen, looked, name) for name in wave] for wave in looked.laid.waves]
    drivers = {name: chosen.by_name[name].driver for name in looked.changed}
    with _stoppable(output) as stopped:
        verify = Verify(patience=wish.revert_after / 2, outlooks=wish.outlooks, stop=stopped)
        ports = Direct(Actor(drivers, wish.revert_after, verify), lambda event: _tell(event, output), stopped)
        return change(orders, ports)


def _order(chosen: Targets, looked: Looked, name: str) -> Order:
    tunnels = expected_tunnels(chosen.office, chosen.office.device(name))
    return Order(name, chosen.by_name[name].bundle, tunnels, mates=mates(looked.laid.together, name))


@contextmanager
def _stoppable(output: Output) -> Iterator[Callable[[], bool]]:
    """Ctrl-C ends no step half-way: what was begun is taken back in order."""
    flag = Flag()

    def press(_number: int, _frame: object) -> None:
        if not flag.is_set():
            output.line(_("stopping: what is not confirmed is taken back"), "yellow")
        flag.set()

    before = signal.signal(signal.SIGINT, press)
    try:
        yield flag.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _say_when(chosen: Targets, output: Output) -> None:
    """Nobody is on site out of hours: say so before asking."""
    now = dt.datetime.now(dt.UTC)
    texts = {
        Opening.OUT_OF_HOURS: _("The office is closed at this hour: nobody is on site."),
        Opening.WEEKEND: _("It is the weekend: nobody is on site."),
        Opening.HOLIDAY: _("It is a public holiday: nobody is on site."),
        Opening.CLOSED: _("The office is closed today: nobody is on site."),
    }
    if text := texts.get(opening(chosen.office.calendar, now)):
        output.line(text, "yellow")


def _agreed(looked: Looked, output: Output, *, yes: bool) -> bool:
    if yes:
        return True
    if not sys.stdin.isatty():
        raise InputError(_("nobody is there to agree to the change: add --yes; nothing was changed"))
    question = _("Change {devices}?").format(devices=", ".join(looked.changed))
    if typer.confirm(question, default=False, err=True):
        return True
    output.line(_("nothing was changed"))
    return False


def _tell(event: Event, output: Output) -> None:
    if event.outcome is None:
        output.line(f"{event.device:12} {step_text(event.step)}", "dim")
    else:
        text, style = _told(event.outcome)
        output.line(f"{event.device:12} {text}", style)


def _told(outcome: Outcome) -> tuple[str, str]:
    match outcome:
        case Changed(remark=None):
            return _("changed"), "green"
        case Changed(remark=remark):
            return _("changed, but {why}").format(why=remark), "yellow"
        case Unchanged():
            return _("nothing to do"), ""
        case Unreachable(reason=reason):
            return _("unreachable, nothing was changed: {reason}").format(reason=reason), "red"
        case Failed(reason=reason, restored=restored):
            return _("failed: {reason} ({state})").format(reason=reason, state=restored_text(restored)), "red"
        case Interrupted(restored=restored):
            return _("interrupted ({state})").format(state=restored_text(restored)), "yellow"
        case NotBegun():
            return _("not begun: a device before it failed"), "yellow"


def _as_json(outcome: Outcome) -> dict[str, str]:
    found: dict[str, str] = {"outcome": _NAMES[type(outcome)]}
    for name in ("reason", "restored", "remark"):
        if (value := getattr(outcome, name, None)) is not None:
            found[name] = str(value)
    return found


_NAMES: Mapping[type[Outcome], str] = {
    Unchanged: "unchanged",
    Changed: "changed",
    Failed: "failed",
    Unreachable: "unreachable",
    Interrupted: "interrupted",
    NotBegun: "not_begun",
}


def _exit_code(outcomes: Mapping[str, Outcome], looked: Looked) -> Exit:
    kinds = {type(outcome) for outcome in outcomes.values()}
    if Interrupted in kinds:
        return Exit.INTERRUPTED
    if kinds <= {Unreachable} and not any(not plan.changed for plan in looked.plans):
        return Exit.UNREACHABLE
    return Exit.FAILED if kinds & {Failed, NotBegun, Unreachable} or looked.failures else Exit.DONE
