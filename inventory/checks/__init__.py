"""The cross-checks: what only shows when the parts of an office are held against each other.

Pure functions from Office to problems; what depends on the day is given the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from inventory.checks import (
    addresses,
    changes,
    channels,
    duplicates,
    flows,
    gateways,
    pairs,
    questions,
    references,
    snmp,
    switches,
    switchflows,
    totals,
    tunnels,
)
from inventory.checks.problem import Problem
from inventory.model import Office

__all__ = ["Problem", "check"]


def check(office: Office, today: dt.date) -> Iterator[Problem]:
    """Everything the checks find, in no particular order. Each copes with what another one finds wrong."""
    for each in (references, duplicates, addresses, changes, gateways, pairs, tunnels, totals, snmp, questions):
        yield from each.check(office)
    for dated in (flows, switches, switchflows, channels):
        yield from dated.check(office, today)
