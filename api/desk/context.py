"""What the handlers of the desk work with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.settings import Settings
from api.store.ledger import Ledger
from inventory.model import Device, Office
from inventory.secrets import SecretStore
from playbooks.drivers.base import Driver

__all__ = ["Context"]


@dataclass(frozen=True, slots=True)
class Context:
    """One office, as the process that works on it sees it."""

    settings: Settings
    office: Office
    ledger: Ledger
    secrets: SecretStore
    """What it has read before it gave up the right to."""
    driver: Callable[[Device], Driver]
    clock: Callable[[], dt.datetime]
    folder: Path
    """The work's own folder, closed to everybody else."""
