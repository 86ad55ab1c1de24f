"""A shared key of a tunnel between two of our gateways is changed, in two plans.

The inventory names the key and, while it is changed, the previous one; what each end makes of the two is rendered.
"""

from __future__ import annotations

from api.desk.context import Context
from api.desk.verb import Nothing
from api.keys.aging import note
from api.keys.looking import by
from api.keys.verbs import Rotated, Sharing, Turning
from api.people.model import Caller
from api.plans.keep import keep
from api.plans.make import Wish, make
from api.plans.model import Kind, PlanState
from api.plans.number import day_of
from api.plans.shelf import PLANS
from api.plans.shown import shown
from api.plans.stamp import stamp
from inventory.errors import ConflictError, DriverError, InputError, SelectionError
from inventory.model import AuthenticationKind, Device, Office, Tunnel
from inventory.pairs import seat
from inventory.words import gettext as _
from playbooks.drivers.base import Failure, Sections
from playbooks.reach import Compared, Target, compare
from templates.linux_gateway.gate.managed import SWANCTL
from templates.linux_gateway.sharedkeys import shared_keys_in
from templates.linux_gateway.text import file_section
from templates.render import render

__all__ = ["share", "turn"]

_FILE = file_section(SWANCTL)


def turn(context: Context, caller: Caller, asked: Turning) -> Nothing:
    """Let the inventory be changed. ConflictError unless both ends run the keys it names now, in their order.

    Otherwise an end would be left with a key that the other does not have.
    """
    tunnel = _tunnel(context.office, asked.tunnel)
    _require_read(context, asked.inventory)
    _require_quiet(context, tunnel)
    if behind := _behind(context, tunnel):
        message = _(
            "{devices} do not have the keys of {tunnel} that the inventory names now: "
            "carry the plan out first, or make it (fosa rotate {tunnel})"
        )
        raise ConflictError(message.format(devices=", ".join(behind), tunnel=tunnel.name))
    # The key that goes is known then, and the one that comes is not taken for one that was there before.
    note(context, by(caller, "keys.turn", ""))
    deed = by(caller, "keys.turn", f"tunnel {tunnel.name}")
    detail = {"why": asked.why, "reference": asked.reference}
    context.ledger.write(deed.model_copy(update={"detail": detail}))
    return Nothing()


def share(context: Context, caller: Caller, asked: Sharing) -> Rotated:
    """The plan for the end, or both, without the keys the inventory names now. ConflictError when both have them."""
    tunnel = _tunnel(context.office, asked.tunnel)
    _require_read(context, asked.inventory)
    note(context, by(caller, "keys.share", ""))
    if not _behind(context, tunnel):
        message = _("nothing to do: both ends of {tunnel} have the keys that the inventory names")
        raise ConflictError(message.format(tunnel=tunnel.name))
    plan = make(context, _ends(context.office, tunnel), Wish(Kind.ROTATE, caller.account, asked.why))
    return Rotated(shown=shown(context, keep(context.ledger, caller, plan, "keys.share")))


def _tunnel(office: Office, name: str) -> Tunnel:
    found = next((tunnel for tunnel in office.tunnels if tunnel.name == name), None)
    if found is None:
        raise SelectionError(_("there is no tunnel {name}").format(name=name))
    own = {seat(office, device.name) for device in _ends(office, found)}
    if found.authentication.kind is not AuthenticationKind.PSK or len(own) < len(found.ends):
        raise InputError(_("{tunnel} does not join two of your gateways by a shared key").format(tunnel=name))
    return found


def _ends(office: Office, tunnel: Tunnel) -> tuple[Device, ...]:
    """Of two of which one stands by both: either may have to prove itself by the key."""
    return tuple(device for device in office.gateways if tunnel.end_of(seat(office, device.name)) is not None)


def _require_read(context: Context, inventory: str) -> None:
    if inventory != stamp(context.office):
        message = _(
            "fosa serve has read another inventory than this one; let it read it anew (systemctl reload fosa-work, or "
            "SIGHUP to fosa serve)"
        )
        raise ConflictError(message)


def _require_quiet(context: Context, tunnel: Tunnel) -> None:
    """What is armed may be taken back again: nothing is to be built on it."""
    running = context.ledger.list(PLANS, states=(PlanState.RUNNING,))
    busy = {device.name for kept in running for device in kept.value.devices}
    if found := sorted(busy & {device.name for device in _ends(context.office, tunnel)}):
        message = _("a change of {devices} is under way: wait for its end")
        raise ConflictError(message.format(devices=", ".join(found)))


def _behind(context: Context, tunnel: Tunnel) -> tuple[str, ...]:
    """The ends without the keys the inventory names now, in their order. DriverError when one cannot be asked."""
    day = day_of(context.office, context.clock())
    targets = [
        Target(each.name, context.driver(each), render(context.office, each, day))
        for each in _ends(context.office, tunnel)
    ]
    answers = compare(tuple(targets))
    failures = [f"{name}: {answer}" for name, answer in answers.items() if isinstance(answer, Failure)]
    if failures:
        raise DriverError("\n".join(failures))
    found = (answer for answer in answers.values() if isinstance(answer, Compared))
    return tuple(one.device for one in found if _keys(one.running, tunnel) != _keys(one.intended, tunnel))


def _keys(sections: Sections, tunnel: Tunnel) -> tuple[str, ...]:
    return shared_keys_in(sections.get(_FILE, ""), tunnel.name)
