"""A certificate taken back: on the lists, on every gateway at once, and out of the tunnels that live by it."""

from __future__ import annotations

from collections.abc import Iterator

from api.desk.context import Context
from api.keys.lists import Holders, deliver, signed
from api.keys.looking import by, certificates, looked, put
from api.keys.model import Certificate
from api.keys.place import opened
from api.keys.register import named
from api.keys.verbs import Delivery, Revoked, Revoking
from api.people.model import Caller
from inventory.errors import ConflictError, RefusedError, SelectionError
from inventory.pairs import in_its_place
from inventory.words import gettext as _
from playbooks.drivers.base import Failure

__all__ = ["revoke"]


def revoke(context: Context, holders: Holders, caller: Caller, asked: Revoking) -> Revoked:
    """RefusedError when a gateway uses it, unless `cut_off` says that it is meant so, or the passphrase is wrong."""
    certificate = _one(context, asked.serial)
    if not asked.cut_off and _in_use(context, holders, caller, certificate):
        message = _(
            "{device} uses this certificate: its tunnels would end and its building be cut off; "
            "rotate first (fosa rotate), or say so (--cut-off)"
        )
        raise RefusedError(message.format(device=certificate.where))
    authority, now = opened(context.folder, asked.passphrase), context.clock()
    lists = signed(context, authority, {certificate.serial: now})
    taken = certificate.model_copy(update={"revoked_at": now, "why": asked.why})
    deed = by(caller, "keys.revoke", f"certificate {certificate.serial}")
    detail = {"why": asked.why, "where": certificate.where}
    context.ledger.write(deed.model_copy(update={"detail": detail}), [put(context, taken), lists])
    delivery = deliver(context, holders, by(caller, "keys.deliver", ""))
    return Revoked(
        serial=certificate.serial,
        delivery=delivery,
        ended=tuple(_ended(context, holders, certificate.where, delivery)),
    )


def _one(context: Context, serial: str) -> Certificate:
    found = named(certificates(context), serial)
    if len(found) != 1:
        message = _("the register has no certificate of the office with serial number {serial} (fosa keys)")
        raise SelectionError(message.format(serial=serial))
    if found[0].revoked_at is not None:
        raise ConflictError(_("it has been revoked already, on {day}").format(day=found[0].revoked_at.date()))
    return found[0]


def _in_use(context: Context, holders: Holders, caller: Caller, certificate: Certificate) -> bool:
    """Asked of the gateway itself; one that does not answer, or not clearly, may use whatever the register does not
    call gone.
    """
    device = next((each for each in context.office.gateways if each.name == certificate.where), None)
    if device is None:
        return False
    holder = holders(device)
    found = holder if isinstance(holder, Failure) else holder.certificates()
    if isinstance(found, Failure):
        return not certificate.gone
    read = looked(context, device, found, by(caller, "keys.look", ""))
    if not read.own_is_known:
        return not certificate.gone
    return certificate.fingerprint in {each.fingerprint for each in read.own}


def _ended(context: Context, holders: Holders, where: str, delivery: Delivery) -> Iterator[str]:
    """A live connection is not asked again: the far ends of the device's tunnels end theirs."""
    for tunnel in in_its_place(context.office, where).tunnels_of(where):
        far = tunnel.far_end_of(where)
        device = next((each for each in context.office.gateways if far and each.name == far.device), None)
        if device is None or device.name in delivery.failed:
            continue
        holder = holders(device)
        if not isinstance(holder, Failure) and not isinstance(holder.reauthenticate(tunnel.name), Failure):
            yield tunnel.name
