"""A change, measured: its order on devices in memory, and whole changes to the gateways of the practice office."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeAlias

from api.settings import Settings
from bench.report import Figure, Row, report, row
from inventory.load import load
from inventory.model import Office
from inventory.secrets import SecretStore
from lab import office as practice
from playbooks.act import Actor, Direct
from playbooks.change import Changed, Order, Outcome, Unchanged, change, waves
from playbooks.drivers import CarrierKind, open_driver
from playbooks.drivers.base import Armed, Driver, Status
from playbooks.drivers.memory import MemoryDriver
from playbooks.outlook import outlooks
from playbooks.verify import Verify, expected_tunnels
from templates.render import Rendered, RenderedFile, render

LAB = "bpush"
CROWDS = (50, 200)
FIREWALL, SWANCTL = "/etc/nftables.conf", "/etc/swanctl/conf.d/fosa.conf"
TODAY = dt.datetime.now(dt.UTC).date()
Edit: TypeAlias = Callable[[Rendered], Rendered]
DEAD_MAN_S = 5
_RUNS = 3
_CLONE_NEWNET = 0x40000000
_CHANGED = Changed()


def main() -> None:
    """Measure and print. The gateways need root; without it only the devices in memory are measured."""
    figures, rows = _in_memory()
    if os.geteuid() == 0:
        with _standing() as bench:
            rows += bench.measured()
    report(rows, figures=figures)


# ---- In memory -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Files:
    files: tuple[RenderedFile, ...]


def _in_memory() -> tuple[list[Figure], list[Row]]:
    rows, figures = [], []
    for n in CROWDS:
        seconds = [_timed(partial(_crowd, n)) for _ in range(2 * _RUNS)]
        rows.append(row(f"{n} devices in memory, ten a wave, full change", seconds))
        figures.append(Figure(f"the order of a change, per device of {n}", 1000 * median(seconds) / n, "ms", 20))
    return figures, rows


def _crowd(n: int) -> None:
    """A full change of so many new devices."""
    bundle = _Files((RenderedFile(FIREWALL, 0o644, "rule\n" * 1000),))
    fleet: dict[str, Driver] = {f"gw-{number}": MemoryDriver(tunnels=("k",)) for number in range(n)}
    orders = [Order(name, bundle, frozenset({"k"})) for name in fleet]
    _all_changed(change([orders[at : at + 10] for at in range(0, n, 10)], Direct(Actor(fleet))))


def _all_changed(outcomes: Mapping[str, Outcome], expected: Outcome = _CHANGED) -> None:
    assert set(outcomes.values()) == {expected}, outcomes


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# ---- The gateways of the practice office -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Bench:
    """The practice office, seen from its manager's host."""

    office: Office
    secrets: SecretStore
    runs: Path

    def driver(self, device: str, carrier: CarrierKind = CarrierKind.SSH) -> Driver:
        return open_driver(self.office, self.office.device(device), self.secrets, carrier, self.runs)

    def bundle(self, device: str) -> Rendered:
        return render(self.office, self.office.device(device), TODAY)

    def push(self, edit: Edit, only: str = "", carrier: CarrierKind = CarrierKind.SSH) -> Mapping[str, Outcome]:
        """Change all gateways, or one of them, to their files edited."""
        chosen = [device for device in self.office.managed if only in {"", device.name}]
        drivers = {device.name: self.driver(device.name, carrier) for device in chosen}
        verify = Verify(30, outlooks=outlooks(self.office, chosen, TODAY))
        orders = [
            [Order(one.name, edit(self.bundle(one.name)), expected_tunnels(self.office, one)) for one in wave]
            for wave in waves(self.office, chosen)
        ]
        return change(orders, Direct(Actor(drivers, 60, verify)))

    def measured(self) -> list[Row]:
        """The rows of the gateways. The first push comes on day 0: every file is new."""
        n = len(self.office.managed)
        first = _timed(lambda: _all_changed(self.push(_same)))
        rows = [row(f"{n} gateways, {n} waves: first push, every file", [first])]
        return [*rows, *self._pushes(n), self._ansible(), self._dead_man(), self._found_out()]

    def _pushes(self, n: int) -> list[Row]:
        nothing, line, one, files = [], [], [], []
        for _ in range(_RUNS):
            nothing.append(_timed(lambda: _all_changed(self.push(_same), Unchanged())))
            line.append(_timed(lambda: _all_changed(self.push(_one_line))))
            files.append(_timed(lambda: _all_changed(self.push(_every_file))))
            _all_changed(self.push(_same))
            one.append(_timed(lambda: _all_changed(self.push(_one_line, "gw-b"))))
            _all_changed(self.push(_same, "gw-b"))
        return [
            row(f"{n} gateways, {n} waves: nothing to do", nothing),
            row(f"{n} gateways, {n} waves: one line of the firewall", line),
            row(f"{n} gateways, {n} waves: every file", files),
            row("one gateway: one line of the firewall", one),
        ]

    def _ansible(self) -> Row:
        """The other carrier, for comparison."""
        took = _timed(lambda: _all_changed(self.push(_one_line, "gw-b", CarrierKind.ANSIBLE)))
        _all_changed(self.push(_same, "gw-b"))
        return row("one gateway, carried by Ansible: one line", [took])

    def _dead_man(self) -> Row:
        """From the deadline until a device that nobody has confirmed answers with its old configuration."""
        seconds = []
        for number in range(3):
            driver, token = self.driver("gw-c"), f"bench{number:03}"
            driver.stage(token, _one_line(self.bundle("gw-c")))
            armed = driver.commit(token, DEAD_MAN_S)
            assert isinstance(armed, Armed), armed
            while not isinstance(status := driver.status(), Status) or status.armed:
                time.sleep(0.05)
            seconds.append(time.time() - armed.deadline)
        return row("nobody confirms: from the deadline to restored", seconds, 2.0)

    def _found_out(self) -> Row:
        """From the end of the verification's patience until a hub that shut a tunnel out is back."""
        patience, seconds = 5.0, []
        drivers = {"gw-k": self.driver("gw-k")}
        for _ in range(3):
            order = Order("gw-k", _shut_out(self.bundle("gw-k")), frozenset({"k-b"}))
            took = _timed(lambda: change([[order]], Direct(Actor(drivers, 60, Verify(patience)))))  # noqa: B023
            begun = time.perf_counter()
            while not isinstance(self.driver("gw-b").status(), Status):
                time.sleep(0.05)
            seconds.append(took - patience + time.perf_counter() - begun)
        return row("a tunnel shut out: push and way back, less its patience", seconds, 5.0)


def _same(bundle: Rendered) -> Rendered:
    return bundle


def _edited(bundle: Rendered, path: str, old: str, new: str) -> Rendered:
    files = (replace(file, text=file.text.replace(old, new)) if file.path == path else file for file in bundle.files)
    return replace(bundle, files=tuple(files))


def _one_line(bundle: Rendered) -> Rendered:
    return replace(bundle, files=tuple(_longer(file) if file.path == FIREWALL else file for file in bundle.files))


def _longer(file: RenderedFile) -> RenderedFile:
    return replace(file, text=f"{file.text}table inet more {{ }}\n")


def _every_file(bundle: Rendered) -> Rendered:
    marked = (replace(file, text=f"{file.text}# more\n") for file in bundle.files)
    return _edited(replace(bundle, files=tuple(marked)), SWANCTL, "dpd_delay = 10s", "dpd_delay = 11s")


def _shut_out(bundle: Rendered) -> Rendered:
    return _edited(bundle, SWANCTL, "id = gw-b.mops", "id = other.mops")


@contextmanager
def _standing() -> Iterator[_Bench]:
    """Up, with its gateways in reach, and this thread on its manager's host; taken away in the end."""
    state = Settings.from_environ(os.environ).state
    fosa = str(Path(sys.executable).parent / "fosa")
    subprocess.run([fosa, "lab", "up", "--name", LAB], check=True, stdout=subprocess.DEVNULL, timeout=180)
    try:
        status = practice.status(LAB, state)
        assert status is not None, "the practice office is not there"
        office = load(Path(status.office)).require()
        bench = _Bench(office, SecretStore(Path(status.office)), state / "runs")
        with _network_of(status.node(status.manager).namespace):
            limit = time.monotonic() + 60
            while not all(isinstance(bench.driver(device.name).status(), Status) for device in office.managed):
                assert time.monotonic() < limit, "the gateways cannot be reached"
                time.sleep(0.2)
            yield bench
    finally:
        subprocess.run([fosa, "lab", "down", "--name", LAB], check=True, stdout=subprocess.DEVNULL, timeout=180)


@contextmanager
def _network_of(namespace: str) -> Iterator[None]:
    """This thread in a network namespace, and home again: whoever is in there when the office goes, goes with it."""
    setns = ctypes.CDLL(None, use_errno=True).setns
    with Path("/proc/thread-self/ns/net").open() as home, Path("/run/netns", namespace).open() as there:
        assert setns(there.fileno(), _CLONE_NEWNET) == 0
        try:
            yield
        finally:
            assert setns(home.fileno(), _CLONE_NEWNET) == 0


if __name__ == "__main__":
    main()
