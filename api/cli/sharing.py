"""A shared key is changed: a new secret and two lines of the inventory here, the plan for both ends at the desk."""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from api.cli.desk import desk
from api.cli.output import Output
from inventory.errors import ConflictError, InputError, ServiceError
from inventory.model import AuthenticationKind, Office, Tunnel
from inventory.words import gettext as _

if TYPE_CHECKING:
    from api.keys.verbs import Rotated
    from inventory.edit import Edit
    from inventory.load import Loaded

__all__ = ["Wish", "begin", "finish", "is_shared"]

_READ_S, _PAUSE_S = 60.0, 0.2
"""So long the service, or who must tell it, may take: the step in hand comes to its end first."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted, and by whom it is agreed to."""

    tunnel: str
    why: str
    yes: bool = False


def is_shared(office: Office | None, tunnel: str) -> bool:
    """Whether the tunnel joins two ends of ours by a shared key."""
    found = next((one for one in office.tunnels if one.name == tunnel), None) if office else None
    return (
        found is not None
        and found.authentication.kind is AuthenticationKind.PSK
        and all(end.device is not None for end in found.ends)
    )


def begin(found: Loaded, wish: Wish, output: Output) -> tuple[Rotated, str]:
    """Both ends take the new key beside the present one; and what is to be done then.

    Said again before both do, the plan is made again.
    """
    from api.keys.newsecret import forget, make
    from api.keys.rewritten import next_reference, rewritten
    from inventory.model import Authentication

    now = _tunnel(found, wish).authentication
    assert now.psk is not None  # noqa: S101  the inventory has been checked
    then = _("when it has been carried out: fosa rotate {tunnel} --finish").format(tunnel=wish.tunnel)
    if now.previous is not None:
        output.line(_("the inventory names the new key already: {ref}").format(ref=now.psk))
        return _proposed(found.require(), wish, output), then
    reference = next_reference(found.folder, now.psk)
    wanted = Authentication(kind=AuthenticationKind.PSK, psk=reference, previous=now.psk)
    edit = rewritten(found.folder, wish.tunnel, wanted)
    _agreed(edit, found.require(), wish, (reference, output))
    make(found.folder, reference, now.psk)
    try:
        office = _written(edit)
    except BaseException:
        forget(found.folder, reference)
        raise
    output.line(_("made a new key of 256 bits: {ref}").format(ref=reference))
    return _proposed(office, wish, output), then


def finish(found: Loaded, wish: Wish, output: Output) -> tuple[Rotated, str]:
    """Both ends drop the previous key, once both have the new one; and what is to be done then.

    Said again before both have, the plan is made again.
    """
    from api.keys.rewritten import rewritten

    now = _tunnel(found, wish).authentication
    assert now.psk is not None  # noqa: S101  the inventory has been checked
    if now.previous is None:
        output.line(_("the inventory names one key only: {ref}").format(ref=now.psk))
        return _proposed(found.require(), wish, output), ""
    edit = rewritten(found.folder, wish.tunnel, now.model_copy(update={"previous": None}))
    _agreed(edit, found.require(), wish, (now.psk, output))
    office = _written(edit)
    then = _("when it has been carried out nothing names {ref} any more: take it away").format(ref=now.previous)
    return _proposed(office, wish, output), then


def _tunnel(found: Loaded, wish: Wish) -> Tunnel:
    return next(one for one in found.require().tunnels if one.name == wish.tunnel)


def _agreed(edit: Edit, office: Office, wish: Wish, said: tuple[str, Output]) -> None:
    """By who is here, and by the desk: who may not is refused before anything is written."""
    from api.cli.questions import asked
    from api.keys.verbs import TURN, Turning
    from api.plans.stamp import stamp

    reference, output = said
    output.diff(edit.diff)
    if not wish.yes:
        if not sys.stdin.isatty():
            raise InputError(_("nobody is there to agree to the change: add --yes; nothing was changed"))
        if not typer.confirm(_("Change {file}?").format(file=edit.folder / edit.name), default=False, err=True):
            raise typer.Abort
    question = asked(Turning, tunnel=wish.tunnel, why=wish.why, reference=reference, inventory=stamp(office))
    desk().call(TURN, question)


def _written(edit: Edit) -> Office:
    from api.dayzero.written import write

    return write(edit)


# ---- The service reads it anew ---------------------------------------------------------------------------------------


def _proposed(office: Office, wish: Wish, output: Output) -> Rotated:
    from api.cli.questions import asked
    from api.keys.verbs import SHARE, Sharing
    from api.plans.stamp import stamp

    wanted = stamp(office)
    if not _has_read(wanted):
        _renew(output)
        _await_read(wanted)
    return desk().call(SHARE, asked(Sharing, tunnel=wish.tunnel, why=wish.why, inventory=wanted))


def _has_read(wanted: str) -> bool:
    from api.desk.verb import Nothing
    from api.keys.verbs import LIST

    return desk().call(LIST, Nothing()).inventory == wanted


def _renew(output: Output) -> None:
    from api.cli.anew import renew

    if renew():
        output.line(_("fosa serve reads the inventory anew"))
        return
    output.problem(_("let fosa serve read the inventory anew now: systemctl reload fosa-work, or SIGHUP to fosa serve"))


def _await_read(wanted: str) -> None:
    limit = time.monotonic() + _READ_S
    while time.monotonic() < limit:
        with contextlib.suppress(ServiceError):
            if _has_read(wanted):
                return
        time.sleep(_PAUSE_S)
    message = _(
        "the inventory is written, but fosa serve has not read it; let it do so (systemctl reload fosa-work, or SIGHUP "
        "to fosa serve), and ask for the same again"
    )
    raise ConflictError(message)
