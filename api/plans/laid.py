"""A change as it is laid out: which devices in which wave, and which of them at once or not at all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.plans.model import Together
from api.plans.terms import Apart, apart
from inventory.model import Device, Office
from playbooks.change import waves
from playbooks.reach import Compared

__all__ = ["Laid", "lay"]


@dataclass(frozen=True, slots=True)
class Laid:
    """The devices' names in the order of the change."""

    waves: tuple[tuple[str, ...], ...] = ()
    together: tuple[Together, ...] = ()
    """The tunnels whose ends are in one wave because they must be."""


def lay(office: Office, devices: Sequence[Device], compared: Iterable[Compared]) -> Laid:
    """Lay out the change of these devices, each of which has been compared."""
    found = apart(office, devices, compared)
    laid = waves(office, devices, {each.pair for each in found})
    names = tuple(tuple(device.name for device in wave) for wave in laid)
    return Laid(names, tuple(_together(names, found)))


def _together(waves: Iterable[Sequence[str]], found: Iterable[Apart]) -> Iterator[Together]:
    pairs = {(each.tunnel, frozenset(each.pair)): None for each in found}
    for wave in waves:
        for tunnel, pair in pairs:
            if pair <= set(wave):
                yield Together(tunnel=tunnel, devices=tuple(name for name in reversed(wave) if name in pair))
