"""What the register knows, and how it comes to know it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.chain import Deed
from api.desk.context import Context
from api.keys.aging import shared_keys
from api.keys.facts import facts, loaded
from api.keys.files import OWN, UNREADABLE, Files, files, unreadable_put
from api.keys.lists import Holders, today
from api.keys.model import Certificate, Due, Known
from api.keys.register import standing, superseded
from api.keys.shelf import CERTIFICATES, DELIVERED, OFFICE, REVOCATIONS
from api.keys.verbs import BadFile, Imported, Importing, Lists, Register
from api.people.model import Caller
from api.plans.stamp import stamp
from api.store.ledger import Put
from inventory.errors import InputError
from inventory.model import Device
from inventory.words import gettext as _
from playbooks.drivers.base import Failure

__all__ = ["OWN", "by", "certificates", "look", "looked", "put", "register", "take_in"]

_MOST = 10_000


def by(caller: Caller, action: str, subject: str) -> Deed:
    """What a caller does, for the audit."""
    return Deed(who=caller.account, origin=caller.origin, action=action, subject=subject)


def certificates(context: Context) -> tuple[Certificate, ...]:
    """All the register has."""
    return tuple(kept.value for kept in context.ledger.list(CERTIFICATES, limit=_MOST))


def put(context: Context, certificate: Certificate) -> Put[Certificate]:
    """The certificate as it is to be kept."""
    kept = context.ledger.get(CERTIFICATES, certificate.fingerprint)
    return Put(CERTIFICATES, certificate.fingerprint, certificate, kept.version if kept else 0)


def register(context: Context) -> Register:
    """Every certificate with the time it has left, and how far lists are signed."""
    rows = _standing(context, certificates(context))
    kept = context.ledger.get(REVOCATIONS, OFFICE)
    lists = None
    if kept is not None:
        delivered = {each.key: each.value.number for each in context.ledger.list(DELIVERED)}
        number, last = kept.value.of(today(context))[0], kept.value.last
        lists = Lists(number=number, last=last, days=(last - today(context)).days, delivered=delivered)
    return Register(
        authority=kept is not None,
        lists=lists,
        certificates=rows,
        unreadable=tuple(_unreadable(context)),
        shared_keys=shared_keys(context),
        inventory=stamp(context.office),
    )


def look(context: Context, holders: Holders, deed: Deed) -> dict[str, str]:
    """Read every gateway's certificates into the register; of a gateway that could not be read why not."""
    failed = {}
    for device in context.office.gateways:
        holder = holders(device)
        found = holder if isinstance(holder, Failure) else holder.certificates()
        if isinstance(found, Failure):
            failed[device.name] = str(found)
        else:
            looked(context, device, found, deed)
    return failed


def looked(context: Context, device: Device, found: Mapping[str, str], deed: Deed) -> Files:
    """Keep what one gateway has, and which of its files cannot be read. Nothing is written when nothing is new."""
    read = files(found, device.name)
    own, others = read.own, read.others
    known = {each.fingerprint: each for each in certificates(context)}
    new = [each for each in (*own, *others) if each.fingerprint not in known]
    # What cannot be read may be what the register knows.
    left = () if read.unreadable else superseded(known.values(), device.name, own, others)
    gone = [each.model_copy(update={"gone": True}) for each in left]
    back = [
        known[each.fingerprint].model_copy(update={"gone": False, "where": device.name})
        for each in own
        if each.fingerprint in known and (known[each.fingerprint].gone or known[each.fingerprint].where != device.name)
    ]
    back += [
        known[each.fingerprint].model_copy(update={"gone": False})
        for each in others
        if each.fingerprint in known and known[each.fingerprint].gone
    ]
    puts: list[Put[Any]] = [
        *(put(context, each) for each in (*new, *gone, *back)),
        *unreadable_put(context.ledger, device.name, read),
    ]
    if puts:
        context.ledger.write(deed.model_copy(update={"subject": f"device {device.name}"}), puts)
    return read


def take_in(context: Context, caller: Caller, asked: Importing) -> Imported:
    """Somebody else's certificate, as facts."""
    try:
        raw = base64.b64decode(asked.data, validate=True)
    except binascii.Error:
        raise InputError(_("the file did not arrive as base64")) from None
    found = [facts(each, Known.IMPORTED, asked.where, asked.lead_days) for each in loaded(raw)]
    known = {each.fingerprint: each for each in certificates(context)}
    # The office's own stay what they are, whoever shows them.
    puts = [put(context, each) for each in found if known.get(each.fingerprint, each).known is Known.IMPORTED]
    if not puts:
        raise InputError(_("these certificates are in the register already, as the office's own"))
    deed = by(caller, "keys.import", f"certificate {found[0].serial}")
    context.ledger.write(deed.model_copy(update={"detail": {"where": asked.where}}), puts)
    return Imported(certificates=_standing(context, found))


def _unreadable(context: Context) -> Iterator[BadFile]:
    """Of the gateways there are."""
    for device in context.office.gateways:
        if kept := context.ledger.get(UNREADABLE, device.name):
            yield from (BadFile(device=device.name, path=path, why=why) for path, why in kept.value.files.items())


def _standing(context: Context, each: Iterable[Certificate]) -> tuple[Due, ...]:
    rows = [standing(certificate, today(context)) for certificate in each]
    return tuple(sorted(rows, key=lambda row: (row.certificate.gone, row.days, row.certificate.fingerprint)))
