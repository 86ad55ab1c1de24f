"""The emulated switches of a practice office: reached as in Piła, and gone with their power."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from inventory.load import load
from inventory.secrets import SecretStore
from lab import namespace
from lab.practice import Practice
from playbooks.drivers import CarrierKind, open_driver
from playbooks.drivers.base import Armed, Confirmed, Driver, Fetched, Reverted, Staged
from templates.render import render

pytestmark = pytest.mark.lab

_Value = TypeVar("_Value")
_NAME = "sw-k-1"


def asked(practice: Practice, do: Callable[[Driver], _Value], folder: Path) -> _Value:
    """What the driver of a switch answers on the manager's host."""
    office = load(practice.paths.office).require()
    secrets = SecretStore(practice.paths.office)
    driver = open_driver(office, office.device(_NAME), secrets, CarrierKind.SSH, folder)
    return namespace.inside(practice.namespace_of(office.network.manager), lambda: do(driver))


@contextmanager
def without_power(practice: Practice) -> Iterator[None]:
    """Off for the time of the block."""
    practice.switches.power_cut(_NAME)
    try:
        yield
    finally:
        practice.switches.start(_NAME)


def test_a_power_cut_takes_what_was_not_confirmed_and_leaves_what_was(fresh: Practice, tmp_path: Path) -> None:
    office = load(fresh.paths.office).require()
    bundle = render(office, office.device(_NAME), dt.datetime.now(dt.UTC).date())
    before = asked(fresh, lambda driver: driver.fetch(), tmp_path)
    assert isinstance(before, Fetched), before
    staged = asked(fresh, lambda driver: driver.stage("first", bundle), tmp_path)
    assert isinstance(staged, Staged), staged
    assert isinstance(asked(fresh, lambda driver: driver.commit("first", 60), tmp_path), Armed)
    with without_power(fresh):
        assert not isinstance(asked(fresh, lambda driver: driver.fetch(), tmp_path), Fetched)
    assert asked(fresh, lambda driver: driver.fetch(), tmp_path) == before
    assert isinstance(asked(fresh, lambda driver: driver.revert("first"), tmp_path), Reverted)
    assert isinstance(asked(fresh, lambda driver: driver.stage("second", bundle), tmp_path), Staged)
    assert isinstance(asked(fresh, lambda driver: driver.commit("second", 60), tmp_path), Armed)
    assert asked(fresh, lambda driver: driver.confirm("second"), tmp_path) == Confirmed()
    with without_power(fresh):
        pass
    assert asked(fresh, lambda driver: driver.fetch(), tmp_path) == Fetched(staged.sections)
