"""`fosa enrol`: a gateway's day 0, and its host key pinned once somebody has compared it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.hostkey import compared
from api.cli.office import loaded, today
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from api.dayzero.coming import Coming
from inventory.errors import ConflictError, InputError, ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.dayzero.proof import Proof
    from inventory.load import Loaded
    from inventory.model import Access, Device

__all__ = ["Console", "DeviceName", "From", "Out", "Wish", "Yes", "enrol", "run"]

DeviceName = Annotated[str, typer.Argument(metavar="DEVICE", help=_("A managed device."), show_default=False)]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help=_("Write the day-0 script there."), show_default=False),
]
Console = Annotated[
    bool, typer.Option("--console", help=_("Day 0 is done: type in the fingerprint its console shows."))
]
From = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="FILE",
        help=_("Day 0 is done: the fingerprint, or the public host key, was brought from the console in a file."),
        show_default=False,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help=_("Do not ask before the inventory is changed."))]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of a device."""

    device: str
    coming: Coming
    out: Path | None = None
    source: Path | None = None
    console: bool = False
    yes: bool = False


def enrol(
    device: DeviceName,
    out: Out = None,
    console: Console = False,
    source: From = None,
    yes: Yes = False,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """First the script for its console; then, with --console or --from, its host key compared, pinned, both accounts
    proved.
    """
    wish = Wish(device, Coming.NEW, out, source, console=console, yes=yes)
    return run(loaded(inventory), Output(as_json=as_json), wish)


def run(found: Loaded, output: Output, wish: Wish) -> int:
    """Write the script, or take the device in; the exit code."""
    from api.dayzero.managerkeys import access_of
    from inventory.access import AccessError, Refusal
    from inventory.select import gateway

    if wish.console and wish.source is not None:
        raise typer.BadParameter(_("only one of --console and --from"))
    office = found.require()
    device = gateway(office, wish.device)
    access = access_of(office, device)
    if not wish.console and wish.source is None:
        return _script(found, device, access, output, wish)
    try:
        key = compared(access, wish.source, output)
    except AccessError as error:
        output.problem(str(error))
        return Exit.UNREACHABLE if error.refusal is Refusal.UNREACHABLE else Exit.FAILED
    _require_fitting(office.access_to(device.name), key, wish)
    _pin(found, access, key, output, wish)
    return _prove(found.folder, wish, key, output)


# ---- Before: the script ----------------------------------------------------------------------------------------------


def _script(found: Loaded, device: Device, access: Access, output: Output, wish: Wish) -> int:
    from api.dayzero.managerkeys import manager_keys
    from api.dayzero.script import script
    from inventory.secrets import SecretStore

    made = manager_keys(access, SecretStore(found.folder))
    text = script(found.require(), device, made.keys, today())
    for ref in made.new:
        output.problem(_("made the manager's key {ref}").format(ref=ref))
    if wish.out is None:
        output.line(text.rstrip("\n"))
    else:
        try:
            wish.out.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(
                _("{file}: cannot write there: {why}").format(file=wish.out, why=error.strerror)
            ) from error
        output.line(_("day 0 of {device} written to {file}").format(device=device.name, file=wish.out))
    command = "replace" if wish.coming is Coming.REPLACED else "enrol"
    then = _("run it as root on the console of {device}; then here: fosa {command} {device} --console")
    output.problem(then.format(device=device.name, command=command))
    output.result({"device": device.name, "script": text, "new_keys": list(made.new)})
    return Exit.DONE


# ---- After: record, inventory, accounts ------------------------------------------------------------------------------


def _require_fitting(known: Access | None, key: str, wish: Wish) -> None:
    """A key that is pinned is only given up for another box, and another box has another key."""
    pinned = {login.host_key for login in (known.read, known.write) if login.host_key} if known else set()
    if wish.coming is Coming.NEW and pinned - {key}:
        message = _("another host key of {device} is pinned; when another box stands there: fosa replace {device}")
        raise ConflictError(message.format(device=wish.device))
    if wish.coming is Coming.REPLACED and not pinned:
        raise ConflictError(_("{device} has no pinned host key yet: fosa enrol {device}").format(device=wish.device))
    if wish.coming is Coming.REPLACED and pinned == {key}:
        message = _("{device} has the host key that is pinned: it is the old box, or one with the old box's disk")
        raise ConflictError(message.format(device=wish.device))


def _record(wish: Wish, key: str, output: Output) -> None:
    from api.cli.desk import desk
    from api.dayzero.fingerprint import fingerprint
    from api.dayzero.verbs import ENROL, Enrolling

    asked = Enrolling(device=wish.device, fingerprint=fingerprint(key), coming=wish.coming)
    try:
        desk().call(ENROL, asked)
    except ServiceError as error:
        output.problem(_("not written into the audit: {why}").format(why=error))


def _pin(found: Loaded, access: Access, key: str, output: Output, wish: Wish) -> None:
    from api.dayzero.pin import pin
    from api.dayzero.written import write

    login = access.read.model_copy(update={"host_key": key})
    edit = pin(found.folder, access.model_copy(update={"read": login}))
    if edit is None:
        output.line(_("the inventory pins it already"))
        _record(wish, key, output)
        return
    output.diff(edit.diff)
    _require_agreement(edit.folder / edit.name, yes=wish.yes)
    # Who may not is refused here, before anything is written.
    _record(wish, key, output)
    write(edit)
    output.line(_("written; let fosa serve read it: systemctl reload fosa-work, or SIGHUP to fosa serve"))


def _require_agreement(file: Path, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError(_("nobody is there to agree to the change: add --yes; nothing was changed"))
    if not typer.confirm(_("Change {file}?").format(file=file), default=False, err=True):
        raise typer.Abort


def _prove(folder: Path, wish: Wish, key: str, output: Output) -> int:
    from api.dayzero.fingerprint import fingerprint
    from api.dayzero.proof import prove
    from inventory.load import load
    from inventory.secrets import SecretStore

    access = load(folder).require().access_to(wish.device)
    assert access is not None  # noqa: S101  it has just been written
    proof = prove(access, SecretStore(folder))
    for text, style in _told(proof):
        output.line(text, style)
    if proof.whole:
        new = _("next: fosa adopt {device}, then fosa plan {device}")
        text = new if wish.coming is Coming.NEW else _("next: fosa plan {device}")
        output.line(text.format(device=wish.device))
    output.result({"device": wish.device, "fingerprint": fingerprint(key), "checks": _as_json(proof)})
    return Exit.DONE if proof.whole else Exit.FAILED


def _told(proof: Proof) -> list[tuple[str, str]]:
    from api.dayzero.proof import Proved

    said = {
        Proved.YES: (_("proved"), "green"),
        Proved.NO: (_("WRONG"), "red"),
        Proved.UNKNOWN: (_("unknown"), "yellow"),
    }
    rows = []
    for check in proof.checks:
        word, style = said[check.proved]
        rows.append((f"{word:8} {check.what}" + (f": {check.why}" if check.why else ""), style))
    if proof.status is not None:
        down = [name for name, tunnel in proof.status.tunnels.items() if not tunnel.up]
        silent = [unit for unit, state in proof.status.units.items() if state != "active"]
        if down:
            rows.append((_("tunnels that are not up: {names}").format(names=", ".join(down)), "yellow"))
        if silent:
            rows.append((_("services the first push starts: {names}").format(names=", ".join(silent)), ""))
    return rows


def _as_json(proof: Proof) -> list[dict[str, str]]:
    return [{"what": str(check.what), "proved": check.proved, "why": str(check.why or "")} for check in proof.checks]
