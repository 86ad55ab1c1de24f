"""`fosa import`: what others have written down of the office's devices, brought into the inventory."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.office import folder_of, loaded, today
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from inventory.errors import InputError
from inventory.model import Office, Platform
from inventory.words import gettext as _
from inventory.words import ngettext

if TYPE_CHECKING:
    from api.imports.files import Outcome
    from api.imports.model import Source
    from api.imports.places import Places

__all__ = ["import_"]

_LISTS = frozenset({".csv", ".tsv", ".xlsx", ".xlsm", ".xls", ".ods"})


@dataclass(frozen=True, slots=True)
class _Wish:
    """How the sources are to be read."""

    platform: Platform | None
    people: bool
    token: str | None
    ca: Path | None


def import_(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help=_("A list (.xlsx, .ods, .xls, .csv), the running text of a switch, or the address of a NetBox."),
            show_default=False,
        ),
    ],
    building: Annotated[
        list[str] | None,
        typer.Option(
            "--building",
            metavar="[TEXT=]NAME",
            help=_("The building meant where a source says TEXT, or says nothing; may be given again."),
            show_default=False,
        ),
    ] = None,
    platform: Annotated[
        Platform | None,
        typer.Option("--platform", help=_("Whose running text it is, where that cannot be told."), show_default=False),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help=_("Take what the source says where the inventory says otherwise."))
    ] = False,
    people: Annotated[bool, typer.Option("--people", help=_("Take names of people as the owners of devices."))] = False,
    token: Annotated[
        str | None,
        typer.Option(
            "--token", metavar="REF", help=_("Where NetBox's token is: env:NAME or file:PATH."), show_default=False
        ),
    ] = None,
    ca: Annotated[
        Path | None,
        typer.Option("--ca", metavar="FILE", help=_("The authority of NetBox's certificate."), show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask before the inventory is changed."))] = False,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Shows the difference before a file is changed. Done twice, the second time changes nothing."""
    from api.imports.files import bring
    from api.imports.places import Places

    output = Output(as_json=as_json)
    office = loaded(inventory).require()
    folder = folder_of(inventory)
    places = Places(office, _said(office, building or ()))
    wish = _Wish(platform, people, token, ca)
    read = [_read(source, folder, places, wish) for source in sources]
    outcome = bring(folder, places, [one for each in read for one in each.found], today(), replace=replace)
    _show(outcome, read, output)
    written = bool(outcome.edits) and _write(outcome, output, yes=yes)
    unclear = [one for each in read for one in each.unclear] + list(outcome.unclear)
    output.result(
        {
            "new": list(outcome.new),
            "amended": list(outcome.amended),
            "unchanged": outcome.unchanged,
            "unclear": [
                {"where": u.where, "what": u.what, "why": u.why, "todo": u.todo, "taken": u.taken} for u in unclear
            ],
            "notes": [note for each in read for note in each.notes],
            "files": {edit.name: edit.diff for edit in outcome.edits},
            "written": written,
        }
    )
    return Exit.DIFFERENCE if unclear or (outcome.edits and not written) else Exit.DONE


def _said(office: Office, options: Sequence[str]) -> Mapping[str, str]:
    from api.imports.vocabulary import folded

    said = {}
    names = {building.name for building in office.buildings}
    for option in options:
        text, _equals, name = option.rpartition("=")
        if name not in names:
            message = _("there is no building {name}; there are: {names}")
            raise InputError(message.format(name=name, names=", ".join(sorted(names))))
        said[folded(text)] = name
    return said


def _read(source: str, folder: Path, places: Places, wish: _Wish) -> Source:
    if source.startswith(("https://", "http://")):
        from api.imports.netbox import read_netbox
        from inventory.secrets import SecretStore

        if wish.token is None:
            raise InputError(_("a NetBox asks for a token: --token env:NAME or file:PATH"))
        token = SecretStore(folder).get(wish.token).get_secret_value()
        return read_netbox(source.rstrip("/").removesuffix("/api"), token, wish.ca, places)
    path = Path(source)
    if path.suffix.lower() in _LISTS:
        from api.imports.listed import read_list
        from api.imports.table import read_tables

        return read_list(read_tables(path), people=wish.people)
    from api.imports.texts import read_text

    return read_text(path, places.office, wish.platform, places.said.get("", ""))


def _show(outcome: Outcome, read: Sequence[Source], output: Output) -> None:
    for edit in outcome.edits:
        output.diff(edit.diff)
    for note in (note for each in read for note in each.notes):
        output.line(note, "dim")
    unclear = [one for each in read for one in each.unclear] + list(outcome.unclear)
    for one in sorted(unclear, key=lambda each: each.taken):
        kind = _("unclear") if one.taken else _("NOT TAKEN")
        output.line(f"{kind}: {one}", "yellow" if one.taken else "red")
    output.line(_counts(outcome, len(unclear)))


def _counts(outcome: Outcome, unclear: int) -> str:
    new, amended = len(outcome.new), len(outcome.amended)
    parts = (
        ngettext("{n} device is new", "{n} devices are new", new).format(n=new),
        ngettext("{n} is amended", "{n} are amended", amended).format(n=amended),
        ngettext("{n} stays as it is", "{n} stay as they are", outcome.unchanged).format(n=outcome.unchanged),
        ngettext("{n} thing is unclear", "{n} things are unclear", unclear).format(n=unclear),
    )
    return ", ".join(parts)


def _write(outcome: Outcome, output: Output, *, yes: bool) -> bool:
    from api.dayzero.written import write

    names = ", ".join(edit.name for edit in outcome.edits)
    if not yes:
        if not sys.stdin.isatty():
            raise InputError(_("nobody is there to agree to the change: add --yes; nothing was changed"))
        if not typer.confirm(_("Change {file}?").format(file=names), default=False, err=True):
            output.line(_("nothing was changed"))
            return False
    write(*outcome.edits)
    output.line(_("written: {files}").format(files=names))
    return True
