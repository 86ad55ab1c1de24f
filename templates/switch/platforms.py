"""The platforms of switches: what each can express."""

from __future__ import annotations

from collections.abc import Mapping

from inventory.model import Platform, Requirement
from templates.juniper_junos import means as juniper_junos
from templates.switch.means import Means

__all__ = ["MEANS"]

MEANS: Mapping[Platform, Mapping[Requirement, Means]] = {
    Platform.JUNIPER_JUNOS: juniper_junos.MEANS,
}
