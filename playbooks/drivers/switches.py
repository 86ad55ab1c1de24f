"""The platforms of switches: one row each."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Platform
from playbooks.drivers.cli.session import Dialect

__all__ = ["DIALECTS"]

DIALECTS: Mapping[Platform, Dialect] = {}
