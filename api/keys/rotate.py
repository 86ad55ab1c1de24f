"""New keys for a tunnel: made on its own ends, certified here, brought into use by a plan like any other."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from api.desk.context import Context
from api.keys.authority import Authority
from api.keys.lists import Holders
from api.keys.looking import OWN
from api.keys.making import issued
from api.keys.place import opened
from api.keys.verbs import Rotated, Rotation
from api.people.model import Caller
from api.plans.keep import keep
from api.plans.make import Wish, make
from api.plans.model import Kind
from api.plans.number import day_of
from api.plans.shown import shown
from inventory.errors import DriverError, InputError, SelectionError
from inventory.model import AuthenticationKind, Device, Tunnel
from inventory.pairs import seat
from inventory.words import gettext as _
from playbooks.drivers.base import Bundle, BundleFile, Failure
from templates.render import RenderedFile, render

__all__ = ["rotate"]


@dataclass(frozen=True, slots=True)
class _Files:
    files: tuple[BundleFile, ...]


def rotate(context: Context, holders: Holders, caller: Caller, asked: Rotation) -> Rotated:
    """Nothing is in use before the plan is approved and carried out: until then the keys wait on their gateways.

    Both ends believe the authority, so each takes the other's new certificate while the old one is still good: that
    is the overlap. DriverError names the gateway that could not make a key; then there is no plan.
    """
    tunnel = _tunnel(context, asked.tunnel)
    devices = [each for each in context.office.gateways if tunnel.end_of(seat(context.office, each.name)) is not None]
    authority = opened(context.folder, asked.passphrase)
    requests = [(device, _request(holders, device)) for device in devices]
    bundles = {device.name: _bundle(context, caller, authority, (device, text)) for device, text in requests}
    plan = make(context, devices, Wish(kind=Kind.ROTATE, author=caller.account, why=asked.why), bundles)
    missing = [device.name for device in devices if device.name not in {each.name for each in plan.devices}]
    if missing:
        raise DriverError(_("no plan without {devices}: both ends or none").format(devices=", ".join(missing)))
    kept = keep(context.ledger, caller, plan, "keys.rotate")
    return Rotated(shown=shown(context, kept), also=tuple(sorted(set(_others(context, devices)) - {tunnel.name})))


def _tunnel(context: Context, name: str) -> Tunnel:
    tunnel = next((each for each in context.office.tunnels if each.name == name), None)
    if tunnel is None:
        raise SelectionError(_("there is no tunnel {name}").format(name=name))
    if tunnel.authentication.kind is AuthenticationKind.PSK:
        raise InputError(_by_hand(tunnel))
    return tunnel


def _by_hand(tunnel: Tunnel) -> str:
    """What to do about a shared key: it is not made on a gateway, and one end alone cannot change it."""
    own = [end.device for end in tunnel.ends if end.device]
    if len(own) > 1:
        text = _(
            "{tunnel} lives by a shared key: fosa rotate changes it where the inventory is at hand, not from here "
            "(--inventory)"
        )
        return text.format(tunnel=tunnel.name)
    text = _(
        "{tunnel} lives by a shared key: agree on a new one with whoever looks after the far end, write it to "
        "{ref} at an hour you have both named, and propose the change then (fosa propose {device})"
    )
    return text.format(tunnel=tunnel.name, ref=tunnel.authentication.psk, device=", ".join(own))


def _request(holders: Holders, device: Device) -> str:
    holder = holders(device)
    text = holder if isinstance(holder, Failure) else holder.request(secrets.token_hex(8))
    if isinstance(text, Failure):
        message = _("{device} makes no key: {why}; nothing was changed")
        raise DriverError(message.format(device=device.name, why=text))
    return text


def _bundle(context: Context, caller: Caller, authority: Authority, asked: tuple[Device, str]) -> Bundle:
    """What the inventory says of the device today, and its new certificate."""
    device, _request_text = asked
    rendered = render(context.office, device, day_of(context.office, context.clock()))
    text = issued(context, caller, authority, asked)
    return _Files((*rendered.files, RenderedFile(OWN, 0o644, text)))


def _others(context: Context, devices: list[Device]) -> Iterator[str]:
    for device in devices:
        for tunnel in context.office.tunnels_of(seat(context.office, device.name)):
            if tunnel.authentication.kind is AuthenticationKind.CERTIFICATE:
                yield tunnel.name
