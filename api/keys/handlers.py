"""The desk's answers about keys, and what is done about them every day."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from api.chain import Deed
from api.desk.context import Context
from api.desk.verb import Bound, Nothing, bound
from api.keys import verbs
from api.keys.aging import note
from api.keys.lists import Holders, deliver
from api.keys.looking import by, look, register, take_in
from api.keys.making import adopt, backup, create, renew, restore, sign
from api.keys.revoking import revoke
from api.keys.rotate import rotate
from api.keys.shared import share, turn
from api.keys.shelf import OFFICE, REVOCATIONS
from api.keys.verbs import Backup, Delivery, Register
from api.people.model import Caller
from inventory.errors import DriverError
from inventory.model import Device
from playbooks.drivers.base import Failure
from playbooks.drivers.keys import KeyHolder, open_keys

__all__ = ["daily", "handlers", "holders_of"]


def handlers(context: Context, holders: Holders | None = None) -> Mapping[str, Bound]:
    """The verbs of this package. `holders` gives the keys of a device; by SSH when none is given."""
    keys = holders or holders_of(context)
    return bound(
        (verbs.LIST, partial(_list, context)),
        (verbs.LOOK, partial(_look, context, keys)),
        (verbs.CREATE, partial(create, context)),
        (verbs.ADOPT, partial(adopt, context, keys)),
        (verbs.BACKUP, partial(_backup, context)),
        (verbs.RESTORE, partial(restore, context, keys)),
        (verbs.SIGN, partial(sign, context)),
        (verbs.RENEW, partial(renew, context, keys)),
        (verbs.DELIVER, partial(_deliver, context, keys)),
        (verbs.REVOKE, partial(revoke, context, keys)),
        (verbs.IMPORT, partial(take_in, context)),
        (verbs.ROTATE, partial(rotate, context, keys)),
        (verbs.TURN, partial(turn, context)),
        (verbs.SHARE, partial(share, context)),
    )


def holders_of(context: Context) -> Holders:
    """Each device's keys by SSH."""

    def holder(device: Device) -> KeyHolder | Failure:
        return open_keys(context.office, device, context.secrets)

    return holder


def daily(context: Context, holders: Holders | None = None) -> None:
    """Bring the day's revocation list where it is missing, and the register up to date. To be called every hour.

    DriverError names the gateways that did not take it; the next time they are asked again.
    """
    keys = holders or holders_of(context)
    schedule = Deed(who="schedule:keys", origin="schedule", action="keys.look", subject="")
    note(context, schedule)
    failed = look(context, keys, schedule)
    if context.ledger.get(REVOCATIONS, OFFICE) is not None:
        failed |= deliver(context, keys, schedule.model_copy(update={"action": "keys.deliver"})).failed
    if failed:
        raise DriverError("; ".join(f"{device}: {why}" for device, why in sorted(failed.items())))


def _list(context: Context, _caller: Caller, _asked: Nothing) -> Register:
    return register(context)


def _look(context: Context, holders: Holders, caller: Caller, _asked: Nothing) -> Register:
    unread = look(context, holders, by(caller, "keys.look", ""))
    return register(context).model_copy(update={"unread": unread})


def _backup(context: Context, caller: Caller, _asked: Nothing) -> Backup:
    return backup(context, caller)


def _deliver(context: Context, holders: Holders, caller: Caller, _asked: Nothing) -> Delivery:
    return deliver(context, holders, by(caller, "keys.deliver", ""))
