"""Revocation lists: signed beforehand for two months, a newer one brought to every gateway each day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from api.chain import Deed
from api.desk.context import Context
from api.keys.authority import Authority
from api.keys.model import Delivered, Revocations
from api.keys.shelf import DELIVERED, OFFICE, REVOCATIONS
from api.keys.verbs import Delivery
from api.store.ledger import Put
from inventory.errors import ConflictError
from inventory.model import Device
from inventory.words import gettext as _
from playbooks.drivers.base import Failure
from playbooks.drivers.keys import KeyHolder

__all__ = ["AHEAD_DAYS", "Holders", "deliver", "signed", "today"]

Holders = Callable[[Device], "KeyHolder | Failure"]
"""Gives the keys of a managed device."""
AHEAD_DAYS = 60
"""For so many days lists are signed at once: their key needs its passphrase."""
_AT_ONCE = 8


def today(context: Context) -> dt.date:
    """Days of lists begin at midnight UTC."""
    return context.clock().astimezone(dt.UTC).date()


def signed(context: Context, authority: Authority, more: Mapping[str, dt.datetime]) -> Put[Revocations]:
    """New lists from today on, with everything revoked so far and `more` (serial -> when); to be written by the caller.

    Their numbers are above those of any list signed before, also of one that a backup does not know.
    """
    kept = context.ledger.get(REVOCATIONS, OFFICE)
    revoked = {**(kept.value.revoked if kept else {}), **more}
    serials = {int(serial, 16): at for serial, at in revoked.items()}
    past = kept.value.number + len(kept.value.lists) if kept else 0
    number, first = max(past, int(context.clock().timestamp())), today(context)
    days = [first + dt.timedelta(days=day) for day in range(AHEAD_DAYS)]
    lists = tuple(authority.revocations(serials, number + place, day) for place, day in enumerate(days))
    made = Revocations(first=first, last=days[-1], number=number, lists=lists, revoked=revoked)
    return Put(REVOCATIONS, OFFICE, made, kept.version if kept else 0)


def deliver(context: Context, holders: Holders, who: Deed) -> Delivery:
    """Bring today's list to every gateway that does not have it; each success is a deed of `who`.

    ConflictError when no lists were ever signed. A gateway that has a newer one keeps it.
    """
    if (kept := context.ledger.get(REVOCATIONS, OFFICE)) is None:
        raise ConflictError(_("no revocation lists were signed yet: fosa keys authority comes first"))
    number, text = kept.value.of(today(context))
    known = {each.key: each.value.number for each in context.ledger.list(DELIVERED)}
    wanting = [device for device in context.office.gateways if known.get(device.name, -1) < number]
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="revocations") as pool:
        answers = list(pool.map(lambda device: _brought(holders, device, text), wanting))
    failed: dict[str, str] = {}
    for device, answer in zip(wanting, answers, strict=True):
        if isinstance(answer, Failure):
            failed[device.name] = str(answer)
        else:
            _note(context, device.name, answer, who)
    named = tuple(device.name for device in context.office.gateways if device.name not in failed)
    return Delivery(number=number, delivered=named, failed=failed)


def _brought(holders: Holders, device: Device, text: str) -> int | Failure:
    holder = holders(device)
    return holder if isinstance(holder, Failure) else holder.revoke(text)


def _note(context: Context, device: str, number: int, who: Deed) -> None:
    kept = context.ledger.get(DELIVERED, device)
    put = Put(DELIVERED, device, Delivered(number=number, at=context.clock()), kept.version if kept else 0)
    deed = who.model_copy(update={"subject": f"device {device}", "detail": {"revocations": str(number)}})
    context.ledger.write(deed, [put])
