"""The desk's answers about devices that come, stay and go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from api.archive.handlers import archive_of
from api.chain import Deed
from api.dayzero.adoption import Adoption
from api.dayzero.coming import Coming
from api.dayzero.fingerprint import fingerprint
from api.dayzero.verbs import ADOPT, ENROL, Enrolling, Enrolment
from api.desk.context import Context
from api.desk.verb import Bound, Nothing, bound
from api.people.model import Caller
from api.store.ledger import Put, Shelf
from inventory.errors import ConflictError, InputError
from inventory.model import Office
from inventory.words import gettext as _

__all__ = ["ENROLMENTS", "handlers"]

ENROLMENTS = Shelf("enrolment", Enrolment)


def handlers(context: Context) -> Mapping[str, Bound]:
    """The verbs of this package."""
    return bound((ENROL, partial(_enrol, context)), (ADOPT, Adoption(context, archive_of(context)).adopt))


def _enrol(context: Context, caller: Caller, asked: Enrolling) -> Nothing:
    """Write down that this person has compared the key. What the service's own inventory pins is not overruled."""
    _require_managed(context.office, asked.device)
    known, kept = _pinned(context.office, asked.device), context.ledger.get(ENROLMENTS, asked.device)
    if known and asked.coming is Coming.NEW and known != asked.fingerprint:
        message = _(
            "another host key of {device} is pinned ({key}); when another box stands there: fosa replace {device}"
        )
        raise ConflictError(message.format(device=asked.device, key=known))
    enrolment = Enrolment(
        device=asked.device,
        fingerprint=asked.fingerprint,
        coming=asked.coming,
        previous=kept.value.fingerprint if kept else known,
        who=caller.account,
        at=context.clock(),
    )
    deed = Deed(
        who=caller.account,
        origin=caller.origin,
        action=ENROL.name,
        subject=f"device {asked.device}",
        detail={"fingerprint": asked.fingerprint, "coming": asked.coming, "previous": enrolment.previous},
    )
    context.ledger.write(deed, [Put(ENROLMENTS, asked.device, enrolment, kept.version if kept else 0)])
    return Nothing()


def _pinned(office: Office, device: str) -> str:
    access = office.access_to(device)
    key = access.read.host_key if access else None
    return fingerprint(key) if key else ""


def _require_managed(office: Office, device: str) -> None:
    if device not in {managed.name for managed in office.gateways}:
        message = _("{device}: fosa serve knows no such gateway; when the inventory has changed, let it read it anew")
        raise InputError(message.format(device=device))
