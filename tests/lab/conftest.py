"""Practice offices for the tests that need one: real namespaces, real daemons."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inventory.secrets import SecretStore
from lab.build import boot, build, unbuild
from lab.claim import claim
from lab.dayzero import day_zero
from lab.paths import LabPaths
from lab.practice import Practice
from lab.sweep import sweep, wipe
from templates.render import render
from templates.secret import fill
from tests.slots import lab_name

_ROOT = Path(__file__).parents[2]

WaitFor = Callable[[Callable[[], bool], float], None]
Tunnels = Callable[[Practice], set[str]]


@pytest.fixture(scope="session")
def pila() -> Path:
    return _ROOT / "inventory/examples/pila"


@pytest.fixture(scope="session")
def two() -> Path:
    return _ROOT / "tests/data/lab/two"


@pytest.fixture(scope="session")
def pair() -> Path:
    return _ROOT / "tests/data/lab/pair"


@pytest.fixture(scope="session")
def tunnels() -> Tunnels:
    return _tunnels


@pytest.fixture(scope="session")
def wait_for() -> WaitFor:
    return _wait_for


@pytest.fixture(scope="module")
def small(state: Path, two: Path) -> Iterator[Practice]:
    """Two buildings after day 0."""
    with _standing("small", state, two) as practice:
        yield practice


@pytest.fixture(scope="module")
def paired(state: Path, pair: Path) -> Iterator[Practice]:
    """Two buildings, one of them with a gateway that stands by; every gateway as rendered, the first one at work."""
    with _standing("pair", state, pair) as practice:
        _configure(practice)
        _wait_for(lambda: _tunnels(practice) >= {"k-b"}, 20)
        yield practice


@pytest.fixture(scope="module")
def fresh(state: Path, pila: Path) -> Iterator[Practice]:
    """Piła after day 0: nothing pushed."""
    with _standing("fresh", state, pila) as practice:
        yield practice


@pytest.fixture(scope="module")
def configured(state: Path, pila: Path) -> Iterator[Practice]:
    """Piła with every gateway as rendered."""
    with _standing("full", state, pila) as practice:
        _configure(practice)
        _wait_for(lambda: _tunnels(practice) >= {"k-b", "k-c", "k-platform"}, 20)
        yield practice


@contextmanager
def _standing(kind: str, state: Path, source: Path) -> Iterator[Practice]:
    paths = LabPaths.of(lab_name(kind), state)
    ownership = claim(paths)
    assert ownership is not None, "another test run holds the lab"
    try:
        sweep(paths)
        wipe(paths)
        practice = build(paths, source, day_zero, lambda _step: None)
        try:
            yield practice
        finally:
            unbuild(practice)
        paths.lock.unlink()
        paths.folder.rmdir()
    finally:
        ownership.release()


def _configure(practice: Practice) -> None:
    secrets = SecretStore(practice.paths.office)
    for device in practice.office.gateways:
        gateway = practice.device(device.name)
        for file in render(practice.office, device, dt.datetime.now(dt.UTC).date()).files:
            gateway.disk.write(file.path, fill(file.text, secrets.get), file.mode)
        gateway.power_cut()
    boot(practice.gateways)


def _tunnels(practice: Practice) -> set[str]:
    listed = practice.device("gw-k").run(["swanctl", "--list-sas"]).stdout
    return {line.split(":")[0].strip() for line in listed.splitlines() if "INSTALLED" in line}


def _wait_for(condition: Callable[[], bool], seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)
