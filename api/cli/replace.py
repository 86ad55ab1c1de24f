"""`fosa replace`: another box in the place of an old one, and the old one's certificates taken back."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.enrol import Console, DeviceName, From, Out, Wish, Yes, run
from api.cli.exits import Exit
from api.cli.office import loaded
from api.cli.options import AsJson, InventoryFolder, Lang
from api.cli.output import Output
from api.dayzero.coming import Coming
from inventory.errors import DriverError, FosaError, ServiceError
from inventory.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.keys.model import Certificate

__all__ = ["replace"]


def replace(
    device: DeviceName,
    out: Out = None,
    console: Console = False,
    source: From = None,
    yes: Yes = False,
    inventory: InventoryFolder = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> int:
    """As `fosa enrol`, for a name that another box had: its pinned key goes only when the new one has been compared.

    Then what the old box could still prove itself by is revoked: DIFFERENCE while something of that is left to do.
    """
    wish = Wish(device, Coming.REPLACED, out, source, console=console, yes=yes)
    output = Output(as_json=as_json)
    code = run(loaded(inventory), output, wish)
    if code != Exit.DONE or not (console or source):
        return code
    try:
        old = _left_behind(device, _held(inventory, device))
    except FosaError as error:
        text = _("{why}\nnobody can tell what the old box of {device} could still prove itself by: fosa keys --look")
        output.problem(text.format(why=error, device=device))
        return Exit.DIFFERENCE
    left = [certificate for certificate in old if not _revoked(certificate, output)]
    return Exit.DIFFERENCE if left else Exit.DONE


def _held(inventory: Path | None, device: str) -> Mapping[str, str]:
    """The certificates on the new box."""
    from inventory.secrets import SecretStore
    from playbooks.drivers.base import Failure
    from playbooks.drivers.keys import open_keys

    found = loaded(inventory)
    office = found.require()
    holder = open_keys(office, office.device(device), SecretStore(found.folder))
    held = holder if isinstance(holder, Failure) else holder.certificates()
    if isinstance(held, Failure):
        raise DriverError(f"{device}: {held}")
    return held


def _left_behind(device: str, held: Mapping[str, str]) -> tuple[Certificate, ...]:
    from api.cli.desk import desk
    from api.dayzero.leftbehind import left_behind
    from api.desk.verb import Nothing
    from api.keys.verbs import LIST

    register = desk().call(LIST, Nothing())
    if not register.authority:
        raise ServiceError(_("fosa keeps no authority: whoever issued the old certificate must revoke it"))
    return left_behind((due.certificate for due in register.certificates), device, held, dt.datetime.now(dt.UTC))


def _revoked(certificate: Certificate, output: Output) -> bool:
    """Whether it is; where nobody can type the authority's passphrase, what is to be done is said."""
    text = _("the old box of {device} has the certificate {serial}, valid until {day}")
    values = {"device": certificate.where, "serial": certificate.serial, "day": certificate.not_after.date()}
    output.problem(text.format(**values))
    if not sys.stdin.isatty():
        command = f"fosa keys revoke {certificate.serial} --why replaced --cut-off"
        output.problem(_("to be revoked: {command}").format(command=command))
        return False
    from api.cli.desk import desk
    from api.cli.questions import asked, hidden
    from api.keys.verbs import REVOKE, Revoking

    why = _("another box stands in the place of {device}").format(device=certificate.where)
    passphrase = hidden(_("Passphrase of the authority, to revoke it"))
    # The box that used it is gone: the one that stands there now has shown that it does not.
    wish = asked(Revoking, serial=certificate.serial, why=why, passphrase=passphrase, cut_off=True)
    done = desk().call(REVOKE, wish)
    output.line(_("revoked: {serial}").format(serial=done.serial), "green")
    for name, reason in done.delivery.failed.items():
        output.problem(_("{device} does not know of it yet: {why}").format(device=name, why=reason))
    return True
