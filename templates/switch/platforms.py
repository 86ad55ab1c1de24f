"""The platforms of switches: what each can express."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Platform, Requirement
from templates.switch.means import Means

__all__ = ["MEANS"]

MEANS: Mapping[Platform, Mapping[Requirement, Means]] = {}
