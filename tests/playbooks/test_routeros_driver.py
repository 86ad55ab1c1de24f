"""The driver of RouterOS, with netmiko itself, against the emulated switch."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from inventory.course import Guard
from inventory.model import Platform
from lab.devices.box import Box
from lab.devices.mikrotik_routeros.device import Routeros
from lab.devices.mischief import Mischief
from playbooks.drivers.base import (
    Armed,
    Bundle,
    Confirmed,
    Failure,
    FailureKind,
    Fetched,
    Reverted,
    Staged,
    Status,
)
from playbooks.drivers.cli.driver import CliDriver
from templates.mikrotik_routeros.shown import normal
from tests.playbooks import single
from tests.playbooks.routeros import MESS, PASSWORD, SECRETS, USER, intended, office, rendered
from tests.playbooks.single import Safe, driver_of
from tests.playbooks.switched import Powered, switched_on

BY_HAND = f"{MESS}add group=full name={USER} password={PASSWORD}\n"
"""With the account by which it is managed."""
NEARLY = (
    intended().replace("interface=ether5 pvid=40", "interface=ether5 pvid=30").replace("name=fosa2 ", "name=fosa9 ")
)
"""The inventory's, but for little."""


@dataclass
class Bench:
    """A switch, and the driver of it."""

    switch: Routeros
    powered: Powered
    driver: CliDriver
    folder: Path

    def misbehave(self, **how: object) -> None:
        self.switch.box.mischief = Mischief(**how)  # type: ignore[arg-type]  # its own fields

    def runs(self) -> str:
        return normal(self.switch.box.saved or self.switch.box.factory)

    def fire(self) -> None:
        """Let the time of its guard be over."""
        self.powered.call(self.switch.timers["fosa-guard"].fire)

    def with_login(self, **otherwise: object) -> CliDriver:
        """The same driver by another account."""
        return driver(self.powered, self.folder, **otherwise)


def driver(powered: Powered, folder: Path, **otherwise: object) -> CliDriver:
    return driver_of(office(), powered.server, Safe(SECRETS), folder, **otherwise)


def _bench(folder: Path, text: str) -> Iterator[Bench]:
    disk = folder / "disk"
    disk.mkdir()
    switch = Routeros(Box(disk, factory=text))
    with switched_on(switch) as powered:
        yield Bench(switch, powered, driver(powered, folder), folder)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    yield from _bench(tmp_path, NEARLY)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Bench]:
    """Somebody has looked after it by hand for years."""
    yield from _bench(tmp_path, BY_HAND)


def bundle(text: str) -> Bundle:
    return single.bundle(Platform.MIKROTIK_ROUTEROS, text)


BUNDLE = bundle(rendered())


def until(holds: Callable[[], bool]) -> None:
    """Wait for it; pytest's own time-out ends what never comes."""
    while not holds():
        time.sleep(0.05)


def failed(answer: object) -> FailureKind:
    assert isinstance(answer, Failure), answer
    return answer.kind


def test_brings_a_switch_to_the_inventory_and_has_nothing_left_to_do(old: Bench) -> None:
    staged = old.driver.stage("t1", BUNDLE)
    assert isinstance(staged, Staged), staged
    told = f"{staged}{(old.folder / 'candidates' / 't1.json').read_text()}"
    assert not [secret for ref, secret in SECRETS.items() if ref != "file:mask" and secret in told]
    assert not [word for word in ("stary-sekret", "tajna-nazwa", "janek-janek") if word in told]
    armed = old.driver.commit("t1", 120)
    assert isinstance(armed, Armed), armed
    assert armed.guard is Guard.DEVICE_RELOAD
    assert 0 < armed.deadline - time.time() <= 120
    status = old.driver.status()
    assert isinstance(status, Status)
    assert status.armed == "t1"
    assert old.driver.confirm("t1") == Confirmed()
    again = old.driver.normal(BUNDLE)
    assert isinstance(again, Staged)
    assert again.running == again.sections == staged.sections
    assert not list(old.switch.box.disk.glob("*.backup"))
    assert "fosa-guard" not in (old.switch.box.saved or "")


def test_takes_back_what_it_did(bench: Bench) -> None:
    before = bench.runs()
    assert isinstance(bench.driver.stage("t1", BUNDLE), Staged)
    assert isinstance(bench.driver.commit("t1", 60), Armed)
    assert bench.runs() != before
    assert isinstance(bench.driver.revert("t1"), Reverted)
    assert bench.runs() == before
    assert not bench.switch.timers
    assert not list(bench.switch.box.disk.glob("*.backup"))


def test_the_device_takes_back_by_itself_what_nobody_confirms(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    assert isinstance(bench.driver.commit("t1", 120), Armed)
    bench.fire()
    assert bench.runs() == before
    assert failed(bench.driver.confirm("t1")) is FailureKind.EXPIRED
    assert isinstance(bench.driver.revert("t1"), Reverted)
    assert bench.runs() == before


def test_after_a_power_cut_the_guard_still_stands(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    bench.misbehave(reboot="^/interface bridge port set ")
    assert failed(bench.driver.commit("t1", 60)) is FailureKind.UNREACHABLE
    bench.misbehave()
    until(lambda: isinstance(bench.driver.fetch(), Fetched))
    assert bench.runs() != before
    status = bench.driver.status()
    assert isinstance(status, Status)
    assert status.armed == "t1"
    assert isinstance(bench.driver.revert("t1"), Reverted)
    assert bench.runs() == before


def test_a_connection_that_breaks_leaves_the_guard_standing(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    bench.misbehave(drop="^/interface bridge port set ")
    assert failed(bench.driver.commit("t1", 60)) is FailureKind.UNREACHABLE
    bench.misbehave()
    assert isinstance(bench.driver.revert("t1"), Reverted)
    assert bench.runs() == before


def test_a_device_that_lets_nobody_in_any_more_takes_it_back(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    bench.misbehave(shuts_out="bridge port set ")
    assert isinstance(bench.driver.commit("t1", 120), Armed)
    assert failed(bench.driver.fetch()) is FailureKind.UNREACHABLE
    bench.fire()
    assert isinstance(bench.driver.fetch(), Fetched)
    assert bench.runs() == before


def test_a_line_that_is_refused_half_way_takes_all_back(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    bench.misbehave(refuse="^/system logging action add ")
    answer = bench.driver.commit("t1", 60)
    assert failed(answer) is FailureKind.INVALID
    assert "/system logging action add" in str(answer)
    assert bench.runs() == before
    assert not bench.switch.timers


def test_the_device_judges_lines_before_they_are_typed(bench: Bench) -> None:
    before = bench.runs()
    bench.misbehave(refuse="bridge port set ")
    assert failed(bench.driver.stage("t1", BUNDLE)) is FailureKind.INVALID
    assert bench.runs() == before


def test_without_a_guard_nothing_is_typed(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    bench.misbehave(forgets=True)
    assert failed(bench.driver.commit("t1", 60)) is FailureKind.DEVICE
    bench.misbehave(refuse="^/system scheduler add ")
    bench.driver.stage("t2", BUNDLE)
    assert failed(bench.driver.commit("t2", 60)) is FailureKind.DEVICE
    assert bench.runs() == before


@pytest.mark.parametrize("how", [{"slow_s": 0.01}, {"pages": True}])
def test_reads_a_slow_device_and_one_that_pages(bench: Bench, how: dict[str, object]) -> None:
    plain = bench.driver.fetch()
    bench.misbehave(**how)
    assert bench.driver.fetch() == plain


def test_another_device_behind_the_address_is_not_written_to(bench: Bench) -> None:
    bench.driver.stage("t1", BUNDLE)
    bench.misbehave(name="sw-c-1")
    assert failed(bench.driver.commit("t1", 60)) is FailureKind.REFUSED
    assert failed(bench.driver.fetch()) is FailureKind.REFUSED


def test_only_the_pinned_host_key_and_the_right_password_come_in(bench: Bench) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    assert failed(bench.with_login(host_key=other).fetch()) is FailureKind.HOST_KEY
    assert failed(bench.with_login(host_key=None).fetch()) is FailureKind.HOST_KEY
    assert failed(bench.with_login(key="file:radius").fetch()) is FailureKind.AUTHENTICATION


def test_a_device_with_no_room_for_a_session_is_unreachable(bench: Bench) -> None:
    bench.misbehave(sessions=0)
    assert failed(bench.driver.fetch()) is FailureKind.UNREACHABLE
