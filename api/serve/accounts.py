"""The accounts the parts become when the supervisor is started as root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass

from api.settings import Settings
from inventory.errors import InputError
from inventory.words import gettext as _

__all__ = ["Account", "Accounts", "accounts", "edges"]

# Nobody's: Debian reserves 65000 to 65533, and systemd hands out numbers below 65520 only.
_WATCH, _EDGE, _WORK = 65530, 65531, 65532


@dataclass(frozen=True, slots=True)
class Account:
    """Who a part is."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who the parts are, each somebody else."""

    watch: Account
    edge: Account
    work: Account


def accounts(settings: Settings) -> Accounts | None:
    """Of the three parts; None when we are not root and stay who we are.

    InputError for an account that does not exist, is root, or is two parts': then they would not be kept apart.
    """
    if os.geteuid() != 0:
        return None
    watch = _account(settings.watch_user, "fosa-watch", _WATCH)
    edge = _account(settings.edge_user, "fosa-edge", _EDGE)
    work = _account(settings.work_user, "fosa-work", _WORK)
    if len({watch.uid, edge.uid, work.uid}) != 3:
        text = _("watch, edge and work must not share an account: set {names}")
        raise InputError(text.format(names="FOSA_WATCH_USER, FOSA_EDGE_USER, FOSA_WORK_USER"))
    return Accounts(watch, edge, work)


def edges(settings: Settings) -> frozenset[int]:
    """Who may speak for a reader of the page: the edge's number, and ours where the parts have no accounts."""
    if (who := accounts(settings)) is not None:
        return frozenset({who.edge.uid})
    work, edge = _lookup(settings.work_user or "fosa-work"), _lookup(settings.edge_user or "fosa-edge")
    installed = work is not None and edge is not None and work.uid == os.getuid()
    return frozenset({edge.uid if installed and edge else os.getuid()})


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
