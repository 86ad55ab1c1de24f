"""Cross-checks: what only shows when the parts of an office are held against each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from inventory.checks.problem import Problem
from inventory.model import Office

__all__ = ["Problem", "check"]


def check(office: Office, today: dt.date) -> Iterator[Problem]:
    """Everything the checks find, in no particular order."""
    yield from ()
