"""The people of the table: who proposes, and who approves, each an account of this machine."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from table import expect

from api.chain import Deed
from api.people.accounts import Newcomer, newcomer_puts
from api.people.model import Role
from api.people.registry import Registry
from api.people.sealing import Seal
from api.people.shelf import Proof
from api.store.ledger import Ledger
from inventory.errors import FosaError

__all__ = ["as_approver", "people"]

_APPROVER = 64001
"""An account of the machine that is nobody else's here."""


def people(ledger: Ledger, folder: Path) -> None:
    """Make them: uid 0 proposes, another approves."""
    registry = Registry(ledger, Seal.of(folder))
    with contextlib.suppress(FosaError):
        for name, uid, roles in (
            ("anna", 0, {Role.OPERATOR, Role.ADMIN}),
            ("jan", _APPROVER, {Role.APPROVER}),
        ):
            newcomer = Newcomer(name=name, title=name, roles=frozenset(roles), uid=uid)
            deed = Deed(who="console", origin="console", action="people.first", subject=f"account {name}")
            ledger.write(deed, newcomer_puts(registry, newcomer, Proof(), "console"))


def as_approver(folder: Path, do: Callable[[], object]) -> None:
    """Do something as the approver's account of the machine, in a folder that it may not find the way to."""
    child = os.fork()
    if child == 0:
        try:
            os.chdir(folder)
            os.setgroups([])
            os.setresgid(_APPROVER, _APPROVER, _APPROVER)
            os.setresuid(_APPROVER, _APPROVER, _APPROVER)
            do()
        except BaseException as error:  # noqa: BLE001  whatever it is, this process ends here
            print(error, flush=True)
            os._exit(1)
        os._exit(0)
    expect("that it is permitted", holds=os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0)
