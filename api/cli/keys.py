"""`fosa keys`: the office's authority, its certificates and how long they are good, and what is revoked."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated

import typer

from api.cli.certified import delivered, row_of, show
from api.cli.desk import desk
from api.cli.exits import Exit
from api.cli.options import AsJson, Lang
from api.cli.output import Output
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["keys"]

keys = typer.Typer(invoke_without_command=True, rich_markup_mode=None)

_FILE_BYTES = 256 * 1024
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help=_("The reason, for the audit."), show_default=False)]


@keys.callback()
def table(
    context: typer.Context,
    look: Annotated[bool, typer.Option("--look", help=_("Read the gateways first."))] = False,
    everything: Annotated[bool, typer.Option("--all", help=_("Those that were replaced, too."))] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Without a command: the register, the most urgent first."""
    if context.invoked_subcommand is not None:
        return Exit.DONE
    from api.desk.verb import Nothing
    from api.keys.verbs import LIST, LOOK

    return show(desk().call(LOOK if look else LIST, Nothing()), Output(as_json=as_json), everything=everything)


@keys.command(help=_("Make the office's authority, or take one over. Its key lies under a passphrase."))
def authority(
    title: Annotated[
        str, typer.Option("--title", metavar="TEXT", help=_("The office's name in the certificates."))
    ] = "",
    adopt: Annotated[
        tuple[Path, Path] | None,
        typer.Option("--adopt", metavar="CERT KEY", help=_("An authority that is there already, PEM.")),
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """Exactly one of the two."""
    from api.cli.questions import asked, hidden
    from api.keys.verbs import ADOPT, CREATE, Adopting, Creating

    if bool(title) == (adopt is not None):
        raise InputError(_("say --title for a new authority, or --adopt for one that is there; not both"))
    output = Output(as_json=as_json)
    if adopt is None:
        return show(desk().call(CREATE, asked(Creating, title=title, passphrase=_new_passphrase())), output)
    certificate, key = (_read(path).decode("ascii", "replace") for path in adopt)
    password = hidden(_("Password of the key as it is")) if "ENCRYPTED" in key else ""
    wish = asked(Adopting, certificate=certificate, key=key, password=password, passphrase=_new_passphrase())
    return show(desk().call(ADOPT, wish), output)


@keys.command(help=_("Write the authority to a file; it needs its passphrase there, too."))
def backup(file: File, as_json: AsJson = False, lang: Lang = None) -> int:
    """Never over a file that is there."""
    from api.desk.verb import Nothing
    from api.keys.verbs import BACKUP

    if file.exists():
        raise InputError(_("{path} is there already; nothing was written").format(path=file))
    sealed = desk().call(BACKUP, Nothing()).sealed
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(sealed)
    except OSError as error:
        raise InputError(_("cannot write {path}: {why}").format(path=file, why=error.strerror)) from error
    output = Output(as_json=as_json)
    output.line(_("written; try it now: fosa keys try-backup {path}").format(path=file))
    output.result({"file": str(file)})
    return Exit.DONE


@keys.command(
    "try-backup", help=_("Prove that a backup and its passphrase still give the authority. Needs no service.")
)
def try_backup(file: File, as_json: AsJson = False, lang: Lang = None) -> int:
    """Opens it and signs with it; nothing is kept."""
    from api.cli.questions import hidden
    from api.keys.trial import tried

    fingerprint = tried(file, hidden(_("Passphrase of the authority")))
    output = Output(as_json=as_json)
    output.line(_("good: it opens, and signs for the authority {fingerprint}").format(fingerprint=fingerprint), "green")
    output.result({"fingerprint": fingerprint})
    return Exit.DONE


@keys.command(help=_("Bring the authority back from a backup."))
def restore(file: File, as_json: AsJson = False, lang: Lang = None) -> int:
    """Proven by its passphrase."""
    from api.cli.questions import asked
    from api.keys.verbs import RESTORE, Restoring

    wish = asked(Restoring, sealed=_read(file).decode("ascii", "replace"), passphrase=_passphrase())
    return show(desk().call(RESTORE, wish), Output(as_json=as_json))


@keys.command(help=_("Certify the key of a new gateway: its request goes in, three files for its day 0 come out."))
def sign(
    device: Annotated[str, typer.Argument(metavar="DEVICE", show_default=False)],
    request: Annotated[Path, typer.Argument(metavar="REQUEST", show_default=False)],
    folder: Annotated[Path, typer.Option("--to", metavar="DIR", help=_("Where the files go."))] = Path(),
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """The names are those that day 0 asks for."""
    from api.cli.questions import asked
    from api.keys.verbs import SIGN, Signing

    wish = asked(Signing, device=device, request=_read(request).decode("ascii", "replace"), passphrase=_passphrase())
    signed = desk().call(SIGN, wish)
    files = {
        "gateway.pem": signed.certificate,
        "office-ca.pem": signed.authority,
        "office.crl.pem": signed.revocations,
    }
    output = Output(as_json=as_json)
    for name, text in files.items():
        try:
            (folder / name).write_text(text)
        except OSError as error:
            raise InputError(_("cannot write {path}: {why}").format(path=folder / name, why=error.strerror)) from error
        output.line(str(folder / name))
    output.result({"files": [str(folder / name) for name in files]})
    return Exit.DONE


@keys.command(help=_("Sign revocation lists for the next two months and bring today's to every gateway."))
def renew(as_json: AsJson = False, lang: Lang = None) -> int:
    """Long before the last signed day."""
    from api.cli.questions import asked
    from api.keys.verbs import RENEW, Renewing

    return delivered(desk().call(RENEW, asked(Renewing, passphrase=_passphrase())), Output(as_json=as_json))


@keys.command(help=_("Bring today's revocation list to every gateway that does not have it; done every hour anyway."))
def deliver(as_json: AsJson = False, lang: Lang = None) -> int:
    """Needs no passphrase: the lists are signed beforehand."""
    from api.desk.verb import Nothing
    from api.keys.verbs import DELIVER

    return delivered(desk().call(DELIVER, Nothing()), Output(as_json=as_json))


@keys.command(help=_("Take a certificate back: on every gateway at once, and out of the tunnels that live by it."))
def revoke(
    serial: Annotated[str, typer.Argument(metavar="SERIAL", show_default=False)],
    why: Why,
    cut_off: Annotated[
        bool, typer.Option("--cut-off", help=_("Even if a gateway uses it: its building is cut off."))
    ] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """A gateway that cannot be reached gets the list within the hour in which it can."""
    from api.cli.questions import asked
    from api.keys.verbs import REVOKE, Revoking

    output = Output(as_json=as_json)
    wish = asked(Revoking, serial=serial, why=why, passphrase=_passphrase(), cut_off=cut_off)
    done = desk().call(REVOKE, wish)
    output.line(_("revoked: {serial}").format(serial=done.serial))
    if done.ended:
        output.line(_("proven anew: {tunnels}").format(tunnels=", ".join(done.ended)))
    return delivered(done.delivery, output)


@keys.command("import", help=_("Put facts about somebody else's certificate into the register, to be told of its end."))
def take_in(
    file: File,
    where: Annotated[str, typer.Option("--where", metavar="TEXT", help=_("Where it is used."), show_default=False)],
    lead_days: Annotated[
        int, typer.Option("--lead-days", metavar="N", min=0, help=_("How long its issuer takes for the next one."))
    ] = 0,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """PEM or DER; a file with a private key in it is refused."""
    from api.cli.questions import asked
    from api.keys.verbs import IMPORT, Importing

    output = Output(as_json=as_json)
    data = base64.b64encode(_read(file)).decode()
    found = desk().call(IMPORT, asked(Importing, data=data, where=where, lead_days=lead_days)).certificates
    for row in found:
        output.line(*row_of(row))
    output.result({"certificates": [row.model_dump(mode="json") for row in found]})
    return Exit.DONE


def _passphrase() -> str:
    from api.cli.questions import hidden

    return hidden(_("Passphrase of the authority"))


def _new_passphrase() -> str:
    from api.cli.questions import hidden

    secret = hidden(_("New passphrase of the authority"))
    if hidden(_("The same again")) != secret:
        raise InputError(_("the two are not the same; nothing was changed"))
    return secret


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(_FILE_BYTES + 1)
    except OSError as error:
        raise InputError(_("cannot read {path}: {why}").format(path=path, why=error.strerror)) from error
    if len(raw) > _FILE_BYTES:
        raise InputError(_("{path} is longer than {limit} bytes").format(path=path, limit=_FILE_BYTES))
    return raw
