"""`fosa backup` and `fosa restore --everything`: all that fosa knows in one sealed file, and back."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import Exit
from api.cli.moment import local
from api.cli.office import folder_of, settings
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from inventory.errors import ConflictError, FosaError, InputError, ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.backup.model import Manifest
    from api.backup.taking import Sources

__all__ = ["PassphraseFile", "backup", "everything"]

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        metavar="FILE",
        help=_("Where the passphrase stands, closed to others. [default: it is asked for]"),
        show_default=False,
    ),
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    check: Annotated[bool, typer.Option("--check", help=_("Read a backup that was made; write nothing."))] = False,
    passphrase_file: PassphraseFile = None,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """It takes the rights on the state folder's files; where the service runs, also the role for it."""
    from api.backup.model import Root
    from api.backup.whole import check as checked
    from api.backup.whole import take

    output = Output(as_json=as_json)
    if check:
        manifest = checked(file, _passphrase(passphrase_file, again=False))
        output.line(_("whole, and readable with this passphrase:"))
        return _told(output, file, manifest)
    with _permitted(file):
        sources = _places(inventory)
        passphrase = _passphrase(passphrase_file, again=True)
        # A copy of a file tells by itself how far it goes; what a server dumps goes at least as far as it is now.
        newest = 0 if Root.LEDGER in sources.roots else _newest(settings().ledger)
        manifest = take(sources, file.absolute(), passphrase, lambda ledger: _about(inventory, ledger, newest))
    return _told(output, file, manifest)


def everything(file: Path, passphrase_file: Path | None, inventory: Path | None, output: Output) -> int:
    """Put a backup back into an empty state folder, an empty folder for the inventory, and empty databases."""
    from api.backup.whole import restore
    from api.serve.lock import owner
    from api.serve.place import Place

    if (pid := owner(Place.of(settings().state))) is not None:
        text = _("process {pid} serves from {folder}: a backup is restored only where nothing is")
        raise ConflictError(text.format(pid=pid, folder=settings().state))
    where = _places(inventory)
    manifest = restore(file, _passphrase(passphrase_file, again=False), where)
    _tell("backup.restore", file.name, _digest(file))
    return _told(output, file, manifest)


@contextlib.contextmanager
def _permitted(file: Path) -> Iterator[None]:
    """Ask at the desk first, and tell it afterwards; without a service the rights on the files decide."""
    from api.backup.verbs import BEGIN, DONE, Made
    from api.cli.desk import desk
    from api.desk.verb import Nothing

    try:
        desk().call(BEGIN, Nothing())
    except ServiceError:
        yield
        _tell("backup.done", file.name, _digest(file))
    else:
        yield
        desk().call(DONE, Made(name=file.name, sha256=_digest(file)))


def _tell(action: str, name: str, digest: str) -> None:
    """Tell the ledger itself: there is no service to do it."""
    import os

    from api.chain import Deed
    from api.people.accounts import caller_of_uid
    from api.people.model import Caller
    from api.store.ledger import Ledger

    ledger = Ledger(settings().ledger)
    try:
        uid = int(os.environ.get("SUDO_UID") or os.getuid())
        try:
            caller = caller_of_uid(ledger, uid)
        except FosaError:
            caller = Caller.unproved("")
        deed = Deed(
            who=caller.account, origin=f"console uid {uid}", action=action, subject=f"file {name}", after=digest
        )
        ledger.write(deed)
    finally:
        ledger.close()


def _places(inventory: Path | None) -> Sources:
    from api.backup.places import places
    from api.serve.place import Place

    return places(settings(), Place.of(settings().state).own, folder_of(inventory))


def _about(inventory: Path | None, ledger: Path | None, newest: int) -> Manifest:
    from importlib.metadata import version

    from api.backup.model import Manifest
    from api.cli.office import loaded

    return Manifest(
        at=dt.datetime.now(dt.UTC),
        fosa=version("fosa"),
        office=loaded(inventory).require().name,
        audit=_newest(f"sqlite:///{ledger}") if ledger else newest,
        members=(),
    )


def _newest(ledger: str) -> int:
    """The number of its newest record."""
    from api.store.ledger import Ledger

    opened = Ledger(ledger, read_only=True)
    try:
        return opened.last()[0]
    finally:
        opened.close()


def _passphrase(file: Path | None, *, again: bool) -> str:
    from api.backup.sealed import checked
    from api.cli.questions import hidden, terminal
    from inventory.secrets import SecretStore

    if file is not None:
        return checked(SecretStore(file.absolute().parent).get(f"file:{file.name}").get_secret_value())
    terminal()
    passphrase = checked(hidden(_("passphrase of the backup")))
    if again and hidden(_("once more")) != passphrase:
        raise InputError(_("these are two different passphrases; nothing was written"))
    return passphrase


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _told(output: Output, file: Path, manifest: Manifest) -> int:
    text = _("{file}: {office} of {at}, {n} files, {size:.1f} MiB, audit up to record {audit}")
    size = manifest.size() / (1 << 20)
    at = local(manifest.at).isoformat(" ", "seconds")
    count = len(manifest.members)
    output.line(text.format(file=file, office=manifest.office, at=at, n=count, size=size, audit=manifest.audit))
    for dump in manifest.dumps:
        output.line(_("of a server: {parts}").format(parts=", ".join(dump.parts)))
    output.result(manifest.model_dump(mode="json", exclude={"members"}) | {"files": count, "bytes": manifest.size()})
    return Exit.DONE
