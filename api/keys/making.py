"""The office's authority: made or taken over, kept elsewhere too, brought back, and used to sign."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from pydantic import ValidationError

from api.desk.context import Context
from api.keys import sealed as seal
from api.keys.authority import Authority
from api.keys.facts import facts, revoked_serials
from api.keys.lists import Holders, deliver, signed, today
from api.keys.looking import by, put, register
from api.keys.model import Certificate, Known
from api.keys.place import file_of, opened, require
from api.keys.sealed import Sealed
from api.keys.shelf import OFFICE, REVOCATIONS
from api.keys.verbs import (
    Adopting,
    Backup,
    Creating,
    Delivery,
    Register,
    Renewing,
    Restoring,
    Signed,
    Signing,
)
from api.people.model import Caller
from inventory import pairs
from inventory.errors import ConflictError, InputError, SecretError
from inventory.model import Device, Office
from inventory.words import gettext as _
from playbooks.drivers.base import Failure
from templates.linux_gateway.gate.managed import REVOCATIONS as LIST_PATH

__all__ = ["adopt", "backup", "create", "identities", "issued", "renew", "restore", "sign"]


def create(context: Context, caller: Caller, asked: Creating) -> Register:
    """A new authority. ConflictError when there is one."""
    _vacant(context)
    authority = Authority.create(asked.title, context.clock())
    return _established(context, caller, "keys.create", (authority, authority.sealed(asked.passphrase)), {})


def adopt(context: Context, holders: Holders, caller: Caller, asked: Adopting) -> Register:
    """One that is there already. What its lists on the gateways revoke stays revoked."""
    _vacant(context)
    authority = Authority.adopt(asked.certificate, asked.key, asked.password)
    sealed = authority.sealed(asked.passphrase)
    return _established(context, caller, "keys.adopt", (authority, sealed), _revoked_there(context, holders))


def backup(context: Context, caller: Caller) -> Backup:
    """The sealed authority: it needs its passphrase wherever it is."""
    sealed = require(context.folder)
    context.ledger.write(by(caller, "keys.backup", "authority"))
    return Backup(sealed=sealed.model_dump_json())


def restore(context: Context, holders: Holders, caller: Caller, asked: Restoring) -> Register:
    """From a backup, proven by its passphrase. ConflictError when another authority is here.

    A ledger that knows of no lists has been lost, too: what is revoked is asked of the gateways.
    """
    try:
        sealed = Sealed.model_validate_json(asked.sealed)
    except ValidationError:
        raise InputError(_("this is no backup of an authority")) from None
    authority = Authority.open(sealed, asked.passphrase)
    try:
        here = seal.read(file_of(context.folder))
    except SecretError:
        # Whatever the damage is, it is what the backup is there for.
        here = None
    if here is not None and here.certificate != sealed.certificate:
        raise ConflictError(_("another authority is here; nothing was changed"))
    lost = context.ledger.get(REVOCATIONS, OFFICE) is None
    revoked = _revoked_there(context, holders) if lost else {}
    return _established(context, caller, "keys.restore", (authority, sealed), revoked)


def sign(context: Context, caller: Caller, asked: Signing) -> Signed:
    """A certificate for a key made where it is used."""
    authority = opened(context.folder, asked.passphrase)
    text = issued(context, caller, authority, (context.office.device(asked.device), asked.request))
    kept = context.ledger.get(REVOCATIONS, OFFICE)
    lists = kept.value.of(today(context))[1] if kept else ""
    return Signed(certificate=text, authority=authority.certificate, revocations=lists)


def renew(context: Context, holders: Holders, caller: Caller, asked: Renewing) -> Delivery:
    """Lists for the next days, and today's to every gateway."""
    lists = signed(context, opened(context.folder, asked.passphrase), {})
    context.ledger.write(by(caller, "keys.renew", "revocations"), [lists])
    return deliver(context, holders, by(caller, "keys.deliver", ""))


def issued(context: Context, caller: Caller, authority: Authority, asked: tuple[Device, str]) -> str:
    """Certify a device's key by its request, and put it into the register; PEM."""
    device, request = asked
    text = authority.issue(request, identities(context.office, device), context.clock())
    made = _facts(text, Known.ISSUED, device.name)
    context.ledger.write(by(caller, "keys.issue", f"certificate {made.serial}"), [put(context, made)])
    return text


def identities(office: Office, device: Device) -> tuple[str, ...]:
    """What a gateway is called in its tunnels, else by its own name; of one that stands by, both."""
    return pairs.identities(office, device.name)


def _established(
    context: Context, caller: Caller, action: str, made: tuple[Authority, Sealed], revoked: dict[str, dt.datetime]
) -> Register:
    """The key onto the disk first: a record of a key nobody has would be worse than a key nobody has on record."""
    authority, sealed = made
    lists = signed(context, authority, revoked)
    seal.write(file_of(context.folder), sealed)
    own = _facts(authority.certificate, Known.AUTHORITY, "authority")
    deed = by(caller, action, f"authority {own.serial}")
    context.ledger.write(deed.model_copy(update={"after": own.fingerprint}), [put(context, own), lists])
    return register(context)


def _facts(text: str, known: Known, where: str) -> Certificate:
    return facts(x509.load_pem_x509_certificate(text.encode()), known, where)


def _vacant(context: Context) -> None:
    if seal.read(file_of(context.folder)) is not None:
        raise ConflictError(_("the office has an authority; nothing was changed (fosa keys shows it)"))


def _revoked_there(context: Context, holders: Holders) -> dict[str, dt.datetime]:
    """InputError when a gateway cannot be asked: what it refuses must not come back by a list that does not know it."""
    found: dict[str, dt.datetime] = {}
    for device in context.office.gateways:
        holder = holders(device)
        texts = holder if isinstance(holder, Failure) else holder.certificates()
        if isinstance(texts, Failure):
            message = _("{device} cannot be asked what is revoked ({why}); nothing was changed")
            raise InputError(message.format(device=device.name, why=texts))
        if text := texts.get(LIST_PATH):
            found |= revoked_serials(text)
    return found
