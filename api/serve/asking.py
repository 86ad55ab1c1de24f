"""What programs may ask at the API: every verb of the desk that needs a proof."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from api.accounts import verbs as accounts
from api.archive import verbs as archive
from api.audit import verbs as audit
from api.dayzero import verbs as dayzero
from api.desk.verb import Verb
from api.keys import verbs as keys
from api.plans import verbs as plans
from api.work import verbs as work

__all__ = ["asked_by_programs"]

_PACKAGES: tuple[ModuleType, ...] = (accounts, archive, audit, dayzero, keys, plans, work)


def asked_by_programs() -> tuple[Verb[Any, Any], ...]:
    """By package and name. How one comes in, and makes the first account, is asked on the page and the console only."""
    found = (value for package in _PACKAGES for value in vars(package).values() if isinstance(value, Verb))
    return tuple(sorted({verb.name: verb for verb in found if not verb.unproved}.values(), key=lambda verb: verb.name))
