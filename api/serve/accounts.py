"""The accounts the parts become when the supervisor is started as root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass

from api.settings import Settings
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["Account", "accounts"]

# Nobody's: Debian reserves 65000 to 65533, and systemd hands out numbers below 65520 only.
_WATCH, _EDGE = 65530, 65531


@dataclass(frozen=True, slots=True)
class Account:
    """Who a part is."""

    name: str
    uid: int
    gid: int


def accounts(settings: Settings) -> tuple[Account, Account] | None:
    """Of the watch and of the edge; None when we are not root and stay who we are.

    InputError for an account that does not exist, is root, or is the same for both: then neither would be kept out.
    """
    if os.geteuid() != 0:
        return None
    watch = _account(settings.watch_user, "fosa-watch", _WATCH)
    edge = _account(settings.edge_user, "fosa-edge", _EDGE)
    if watch.uid == edge.uid:
        text = _("watch and edge must not share the account {name}: set FOSA_WATCH_USER and FOSA_EDGE_USER")
        raise InputError(text.format(name=watch.name))
    return watch, edge


def _account(wanted: str, usual: str, number: int) -> Account:
    found = _lookup(wanted) if wanted else _lookup(usual) or Account(usual, number, number)
    if found is None:
        raise InputError(_("there is no account {name} on this machine").format(name=wanted))
    if found.uid == 0:
        raise InputError(_("{name} is root: the parts of fosa serve must not be").format(name=wanted))
    return found


def _lookup(name: str) -> Account | None:
    try:
        if name.isdecimal():
            return _numbered(int(name))
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name, entry.pw_uid, entry.pw_gid)


def _numbered(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, uid)
    return Account(entry.pw_name, uid, entry.pw_gid)
