"""A change, measured: its order on devices in memory, and whole changes to the gateways of the practice office."""

from __future__ import annotations

import ctypes
import datetime as dt
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeAlias

from api.chain import Deed
from api.changes.model import ChangeState
from api.changes.shelf import CHANGES
from api.desk.context import Context
from api.plans.model import Approval, Device, File, Kind, Plan, PlanState
from api.plans.shelf import PLANS
from api.settings import Settings
from api.store.ledger import Ledger, Put
from api.work.course import Course
from api.work.engine import Engine, Seat
from api.work.hands import Hands
from api.work.record import Record
from api.work.script import Once
from bench.crowd import OFFICE
from bench.report import Figure, Row, report, row
from inventory.course import Guard
from inventory.load import load
from inventory.model import Device as Named
from inventory.model import Office
from inventory.secrets import SecretStore
from lab import office as practice
from playbooks.act import Actor, Direct
from playbooks.change import Changed, Order, Outcome, Unchanged, change, waves
from playbooks.drivers import CarrierKind, open_driver
from playbooks.drivers.base import Armed, Driver, Status
from playbooks.drivers.memory import MemoryDriver
from playbooks.outlook import outlooks
from playbooks.plan import fingerprint
from playbooks.verify import Verify, expected_tunnels
from templates.render import Rendered, RenderedFile, render

LAB = "bpush"
CROWDS = (50, 200)
DURABLE, WAVES = 50, (1, 5, 20)
FIREWALL, SWANCTL = "/etc/nftables.conf", "/etc/swanctl/conf.d/fosa.conf"
NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.date()
Edit: TypeAlias = Callable[[Rendered], Rendered]
DEAD_MAN_S = 5
_RUNS = 3
_CLONE_NEWNET = 0x40000000
_CHANGED = Changed()


def main() -> None:
    """Measure and print. The gateways need root; without it only the devices in memory are measured."""
    figures, rows = _in_memory()
    for wave in WAVES:
        seconds = _durably(wave)
        rows.append(row(f"{DURABLE} devices in memory, {wave} a wave, written down", seconds))
        name = f"written down, per device of {DURABLE}, {wave} a wave"
        figures.append(Figure(name, 1000 * median(seconds) / DURABLE, "ms", 20))
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


# ---- In memory, written down as the process that works does it ------------------------------------------------------


def _durably(wave: int) -> list[float]:
    """Seconds of each full change of new devices, from its turn to its end in the record; so many a wave."""
    fleet: dict[str, MemoryDriver] = {}
    one = load(OFFICE, TODAY).require().devices[0]
    office = load(OFFICE, TODAY).require().model_copy(update={"devices": tuple(_named(one, n) for n in range(DURABLE))})
    with TemporaryDirectory() as folder:
        ledger = Ledger(f"sqlite:///{folder}/ledger/ledger.db")
        ledger.migrate()
        settings = Settings.from_environ({"FOSA_STATE": folder})
        context = Context(
            settings, office, ledger, SecretStore(OFFICE), lambda device: fleet[device.name], lambda: NOW, Path(folder)
        )
        course = Course(Record(ledger, lambda: NOW, "bench", threading.Event()), Hands(lambda: context))
        seconds: list[float] = []

        def script(key: str, once: Once) -> None:
            seconds.append(_timed(lambda: course.change(key, once)))

        engine = Engine(Seat(f"sqlite:///{folder}/work/work.db", "bench", office.name), {"change": script})
        engine.start()
        try:
            for number in range(2 * _RUNS):
                fleet.update((device.name, MemoryDriver(tunnels=("k",))) for device in office.devices)
                plan = _plan(f"p-{number}", [device.name for device in office.devices], wave)
                deed = Deed(who="jan", origin="console", action="plan.approve", subject=f"plan {plan.id}")
                ledger.write(deed, [Put(PLANS, plan.id, plan)])
                engine.put("change", plan.id, plan.id)
                _until(lambda: len(seconds) > number)  # noqa: B023
                found = ledger.get(CHANGES, plan.id)
                assert found is not None, plan.id
                assert found.value.state is ChangeState.DONE, found.value
        finally:
            engine.close()
            ledger.close()
    return seconds


def _named(device: Named, number: int) -> Named:
    return device.model_copy(update={"name": f"gw-{number}"})


def _plan(key: str, names: Sequence[str], wave: int) -> Plan:
    """Approved, and as large as the one without an engine."""
    files = (File(path=FIREWALL, mode=0o644, text="rule\n" * 1000),)
    devices = tuple(
        Device(
            name=name,
            base=fingerprint({}),
            files=files,
            diffs=(),
            group=name,
            risks=(),
            guard=Guard.DEVICE,
            tunnels=("k",),
        )
        for name in names
    )
    made = Plan(
        id=key,
        kind=Kind.PUSH,
        author="anna",
        why="measured",
        made_at=NOW,
        until=NOW + dt.timedelta(days=1),
        devices=devices,
        waves=tuple(tuple(names[at : at + wave]) for at in range(0, len(names), wave)),
        state=PlanState.APPROVED,
    )
    return made.model_copy(update={"approvals": (Approval(who="jan", at=NOW, digest=made.digest),)})


def _until(there: Callable[[], bool]) -> None:
    limit = time.monotonic() + 60
    while not there():
        assert time.monotonic() < limit, "the change has not ended"
        time.sleep(0.02)


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
        chosen = [device for device in self.office.gateways if only in {"", device.name}]
        drivers = {device.name: self.driver(device.name, carrier) for device in chosen}
        verify = Verify(30, outlooks=outlooks(self.office, chosen, TODAY))
        orders = [
            [Order(one.name, edit(self.bundle(one.name)), expected_tunnels(self.office, one)) for one in wave]
            for wave in waves(self.office, chosen)
        ]
        return change(orders, Direct(Actor(drivers, 60, verify)))

    def measured(self) -> list[Row]:
        """The rows of the gateways. The first push comes on day 0: every file is new."""
        n = len(self.office.gateways)
        first = _timed(lambda: _all_changed(self.push(_same)))
        rows = [row(f"{n} gateways, {n} waves: first push, every file", [first])]
        return [*rows, *self._pushes(n), self._both_ends(), self._ansible(), self._dead_man(), self._found_out()]

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

    def _both_ends(self) -> Row:
        """New proposals for a tunnel that carries the change itself, and the old ones again."""
        ends, seconds = ("gw-k", "gw-b"), []
        actor = Actor({name: self.driver(name) for name in ends}, 60, Verify(30))
        for edit in (_other_proposals, _same) * _RUNS:
            orders = [
                Order(name, edit(self.bundle(name)), frozenset({"k-b"}), mates=frozenset(ends) - {name})
                for name in ends
            ]
            seconds.append(_timed(lambda: _all_changed(change([orders], Direct(actor)))))  # noqa: B023
        return row("both ends of a tunnel at once: new proposals", seconds)

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


def _other_proposals(bundle: Rendered) -> Rendered:
    """For the first tunnel in its file, which is k-b at either end."""
    old, new = "proposals = aes256gcm16-prfsha384-ecp384", "proposals = aes256-sha384-ecp521"
    files = (replace(file, text=file.text.replace(old, new, 1)) for file in bundle.files)
    return replace(bundle, files=tuple(files))


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
            while not all(isinstance(bench.driver(device.name).status(), Status) for device in office.gateways):
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
