"""Many devices at once: what runs on each and what its files would make of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from playbooks.drivers.base import Bundle, Driver, Failure, Fetched, Sections, Staged

__all__ = ["Compared", "Target", "compare", "fetch"]

_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Target:
    """A device, how it is spoken to, and what it should become."""

    device: str
    driver: Driver
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Compared:
    """A device as it is and as its files would make it."""

    device: str
    running: Sections
    intended: Sections


_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")


def fetch(drivers: Mapping[str, Driver]) -> dict[str, Fetched | Failure]:
    """What runs on each device, in the order given."""
    return dict(zip(drivers, _each(list(drivers.values()), lambda driver: driver.fetch()), strict=True))


def compare(targets: tuple[Target, ...]) -> dict[str, Compared | Failure]:
    """Running and intended of each device, by the read account; nothing is left on a device."""
    return dict(zip((target.device for target in targets), _each(targets, _compare), strict=True))


def _compare(target: Target) -> Compared | Failure:
    running = target.driver.fetch()
    if isinstance(running, Failure):
        return running
    intended = target.driver.normal(target.bundle)
    match intended:
        case Staged():
            return Compared(target.device, running.sections, intended.sections)
        case Failure():
            return intended


def _each(things: list[_Thing] | tuple[_Thing, ...], do: Callable[[_Thing], _Result]) -> list[_Result]:
    with ThreadPoolExecutor(min(_AT_ONCE, len(things) or 1), thread_name_prefix="device") as pool:
        return list(pool.map(do, things))
