"""Listening at a gateway's line of a practice office, once and for a short while."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from inventory.load import load
from inventory.secrets import SecretStore
from lab import namespace
from lab.practice import Practice
from monitor.leak.gateway import listening
from monitor.probes.base import Outcome
from monitor.probes.leak import PROBE

__all__ = ["listened"]


def listened(practice: Practice, line: str) -> Outcome:
    """What the watch would find at a line, by its name, from the manager's place and with the watch's keys."""
    office = load(practice.paths.office).require()
    secrets = SecretStore(practice.paths.office)
    target = next(target for target in PROBE.targets(office) if target.subject == f"link:{line}")
    short = replace(target, seconds=2, mates=tuple(replace(mate, seconds=2) for mate in target.mates))
    keys = {ref: secrets.get(ref).get_secret_value() for ref in PROBE.secrets(office)}
    manager = practice.namespace_of(office.network.manager)
    return namespace.inside(manager, lambda: asyncio.run(listening(short, keys)))
