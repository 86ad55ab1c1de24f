"""The driver of Junos: NAPALM, unmodified, against the emulated device."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import asyncssh
import pytest

from inventory.course import Guard
from inventory.model import Platform
from lab.devices.box import Box
from lab.devices.juniper_junos.device import JunosSwitch
from lab.devices.juniper_junos.factory import FACTORY
from lab.devices.mischief import Mischief
from lab.devices.serve import Server
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
from tests.playbooks import single
from tests.playbooks.junos import HASH, NAME, PASSWORD, SECRETS, office, rendered
from tests.playbooks.single import Safe, driver_of
from tests.playbooks.switched import Powered, switched_on

BY_HAND = FACTORY + "\n".join(
    (
        f"set system host-name {NAME}",
        "set system login user awaria class super-user",
        f'set system login user awaria authentication encrypted-password "{HASH}"',
        "set system services telnet",
        "",
    )
)
_SLOW, _QUICK = 60.0, 2.0
"""Seconds that a minute of the device takes."""


@dataclass
class Bench:
    """A switch, and the driver of it."""

    switch: JunosSwitch
    powered: Powered
    driver: CliDriver
    folder: Path

    def misbehave(self, mischief: Mischief) -> None:
        self.switch.box.mischief = mischief

    def runs(self) -> list[str]:
        return self.switch.running.lines()

    def with_login(self, **otherwise: object) -> CliDriver:
        """The same driver by another account."""
        return driver(self.powered.server, self.folder, **otherwise)


def driver(server: Server, folder: Path, **otherwise: object) -> CliDriver:
    return driver_of(office(), server, Safe(SECRETS), folder, **otherwise)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    yield from _bench(tmp_path, _SLOW)


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Bench]:
    """Its minutes are short."""
    yield from _bench(tmp_path, _QUICK)


def _bench(folder: Path, minute_s: float) -> Iterator[Bench]:
    disk = folder / "disk"
    disk.mkdir()
    switch = JunosSwitch(Box(disk, factory=BY_HAND, hashes={HASH: PASSWORD}, minute_s=minute_s))
    with switched_on(switch) as powered:
        yield Bench(switch, powered, driver(powered.server, folder), folder)


def bundle(text: str) -> Bundle:
    return single.bundle(Platform.JUNIPER_JUNOS, text)


BUNDLE = bundle(rendered())


def until(holds: Callable[[], bool]) -> None:
    """Wait for it; pytest's own time-out ends what never comes."""
    while not holds():
        time.sleep(0.05)


def failed(answer: object) -> FailureKind:
    assert isinstance(answer, Failure), answer
    return answer.kind


def test_a_change_from_staging_to_confirmation_and_nothing_to_do_afterwards(bench: Bench) -> None:
    before = bench.driver.fetch()
    assert isinstance(before, Fetched)
    staged = bench.driver.stage("t1", BUNDLE)
    assert isinstance(staged, Staged)
    assert staged.running == before.sections
    armed = bench.driver.commit("t1", 60)
    assert isinstance(armed, Armed)
    assert armed.guard is Guard.DEVICE
    assert 0 < armed.deadline - time.time() <= 60
    status = bench.driver.status()
    assert isinstance(status, Status)
    assert status.armed == "t1"
    assert bench.switch.box.saved is None
    assert isinstance(bench.driver.confirm("t1"), Confirmed)
    after = bench.driver.fetch()
    assert isinstance(after, Fetched)
    assert after.sections == staged.sections
    again = bench.driver.normal(BUNDLE)
    assert isinstance(again, Staged)
    assert again.sections == again.running
    assert bench.switch.box.saved is not None


def test_no_secret_is_in_what_the_driver_tells(bench: Bench) -> None:
    staged = bench.driver.stage("t1", BUNDLE)
    assert isinstance(staged, Staged)
    told = f"{staged}{(bench.folder / 'candidates' / 't1.json').read_text()}"
    assert not [secret for ref, secret in SECRETS.items() if ref != "file:mask" and secret in told]
    assert '"$6$<secret:' in told
    assert '"$9$<secret:' in told


def test_takes_back_what_it_did(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    assert isinstance(bench.driver.commit("t1", 60), Armed)
    assert bench.runs() != before
    assert isinstance(bench.driver.revert("t1"), Reverted)
    assert bench.runs() == before
    assert not bench.switch.timer.pending


def test_the_device_takes_back_by_itself_what_nobody_confirms(quick: Bench) -> None:
    before = quick.runs()
    quick.driver.stage("t1", BUNDLE)
    assert isinstance(quick.driver.commit("t1", 60), Armed)
    until(lambda: quick.runs() == before)
    assert failed(quick.driver.confirm("t1")) is FailureKind.EXPIRED
    assert isinstance(quick.driver.revert("t1"), Reverted)
    assert quick.runs() == before


def test_a_power_cut_brings_back_what_was_confirmed_last(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    bench.misbehave(Mischief(reboot="get-software-information"))
    assert failed(bench.driver.commit("t1", 60)) is FailureKind.UNREACHABLE
    bench.misbehave(Mischief())
    until(lambda: isinstance(bench.driver.fetch(), Fetched))
    assert bench.runs() == before


def test_a_confirmation_whose_answer_is_lost_has_arrived_none_the_less(bench: Bench) -> None:
    staged = bench.driver.stage("t1", BUNDLE)
    assert isinstance(staged, Staged)
    assert isinstance(bench.driver.commit("t1", 60), Armed)
    bench.misbehave(Mischief(drop="^commit-configuration$", once=True))
    assert failed(bench.driver.confirm("t1")) is FailureKind.UNREACHABLE
    assert isinstance(bench.driver.confirm("t1"), Confirmed)
    assert bench.driver.fetch() == Fetched(staged.sections)
    assert failed(bench.driver.revert("t1")) is FailureKind.EXPIRED


def test_somebody_elses_edit_is_never_committed(bench: Bench) -> None:
    before = bench.runs()
    assert isinstance(bench.driver.stage("t1", BUNDLE), Staged)
    assert isinstance(bench.driver.commit("t1", 60), Armed)
    bench.powered.call(lambda: bench.switch.load(["set system services ftp"]))
    assert failed(bench.driver.confirm("t1")) is FailureKind.BUSY
    assert failed(bench.driver.revert("t1")) is FailureKind.BUSY
    bench.powered.call(bench.switch.timer.fire)
    assert bench.runs() == before
    assert isinstance(bench.driver.revert("t1"), Reverted)


def test_a_clock_that_is_set_meanwhile_ends_no_change(bench: Bench) -> None:
    assert isinstance(bench.driver.stage("t1", BUNDLE), Staged)
    assert isinstance(bench.driver.commit("t1", 60), Armed)
    bench.misbehave(Mischief(clock_s=1e8))
    status = bench.driver.status()
    assert isinstance(status, Status)
    assert status.armed == "t1"


# ---- Who is there ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"])
def test_another_host_key_than_the_pinned_one_is_refused_before_anything_is_said(bench: Bench, algorithm: str) -> None:
    other = asyncssh.generate_private_key(algorithm).export_public_key().decode().strip()
    assert failed(bench.with_login(host_key=other).fetch()) is FailureKind.HOST_KEY


def test_a_device_without_a_pinned_key_is_refused(bench: Bench) -> None:
    assert failed(bench.with_login(host_key=None).fetch()) is FailureKind.HOST_KEY


@pytest.mark.parametrize(
    ("otherwise", "kind"),
    [
        ({"user": "nikt"}, FailureKind.AUTHENTICATION),
        ({"key": "file:radius"}, FailureKind.AUTHENTICATION),
        ({"key": "file:none"}, FailureKind.AUTHENTICATION),
        ({"port": 1}, FailureKind.UNREACHABLE),
    ],
)
def test_says_why_nobody_is_let_in(bench: Bench, otherwise: dict[str, object], kind: FailureKind) -> None:
    assert failed(bench.with_login(**otherwise).fetch()) is kind


def test_another_device_behind_the_address_is_neither_believed_nor_written_to(bench: Bench) -> None:
    bench.misbehave(Mischief(name="sw-b-2"))
    before = bench.runs()
    assert failed(bench.driver.fetch()) is FailureKind.REFUSED
    assert failed(bench.driver.stage("t1", BUNDLE)) is FailureKind.REFUSED
    assert bench.runs() == before


def test_a_full_device_lets_nobody_in(bench: Bench) -> None:
    bench.misbehave(Mischief(sessions=0))
    assert failed(bench.driver.fetch()) is FailureKind.UNREACHABLE


# ---- What goes wrong -------------------------------------------------------------------------------------------------


def test_a_line_the_device_does_not_take_is_named_without_its_secret(bench: Bench) -> None:
    before = bench.runs()
    bench.misbehave(Mischief(refuse="^set system radius-server .* secret"))
    answer = bench.driver.stage("t1", BUNDLE)
    assert failed(answer) is FailureKind.INVALID
    assert "set system radius-server 10.64.1.9 secret" in str(answer)
    assert SECRETS["file:radius"] not in str(answer)
    assert bench.switch.candidate.lines() == bench.runs() == before


def test_a_line_refused_at_the_commit_leaves_everything_as_it_was(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    bench.misbehave(Mischief(refuse="^set vlans prn"))
    assert failed(bench.driver.commit("t1", 60)) is FailureKind.INVALID
    assert bench.switch.candidate.lines() == bench.runs() == before
    assert bench.switch.lock is None


def test_what_makes_no_whole_configuration_is_refused_by_the_devices_own_check(bench: Bench) -> None:
    before = bench.runs()
    broken = rendered().replace("user awaria class fosa-admin", "user awaria class nobodys")
    answer = bench.driver.stage("t1", bundle(broken))
    assert failed(answer) is FailureKind.INVALID
    assert "Referenced class of user 'awaria' is not defined" in str(answer)
    assert bench.switch.candidate.lines() == before


def test_a_connection_lost_at_the_commit_leaves_the_guard_armed(quick: Bench) -> None:
    before = quick.runs()
    quick.driver.stage("t1", BUNDLE)
    quick.misbehave(Mischief(drop="^commit-configuration confirmed"))
    assert failed(quick.driver.commit("t1", 60)) is FailureKind.UNREACHABLE
    quick.misbehave(Mischief())
    until(lambda: quick.runs() == before)
    assert isinstance(quick.driver.revert("t1"), Reverted)


def test_a_change_that_shuts_everybody_out_is_over_when_the_timer_fires(bench: Bench) -> None:
    before = bench.runs()
    bench.driver.stage("t1", BUNDLE)
    bench.misbehave(Mischief(shuts_out="fosa-management"))
    assert isinstance(bench.driver.commit("t1", 60), Armed)
    assert failed(bench.driver.confirm("t1")) is FailureKind.UNREACHABLE
    bench.powered.call(bench.switch.timer.fire)
    assert isinstance(bench.driver.revert("t1"), Reverted)
    assert bench.runs() == before


def test_somebody_else_at_the_configuration_is_not_disturbed(bench: Bench) -> None:
    bench.switch.load(["set vlans obca vlan-id 77"])
    answer = bench.driver.stage("t1", BUNDLE)
    assert failed(answer) is FailureKind.BUSY
    assert "configuration database modified" in str(answer)
    assert bench.switch.loaded == ["set vlans obca vlan-id 77"]


def test_a_device_changed_since_it_was_staged_is_not_written_to(bench: Bench) -> None:
    bench.driver.stage("t1", BUNDLE)
    bench.switch.load(["set vlans obca vlan-id 77"])
    bench.switch.commit("jan", None)
    assert failed(bench.driver.commit("t1", 60)) is FailureKind.MOVED


def test_a_device_that_forgets_what_it_saved_comes_back_as_it_was(bench: Bench) -> None:
    bench.switch.box.mischief = replace(Mischief(), forgets=True)
    bench.driver.stage("t1", BUNDLE)
    assert isinstance(bench.driver.commit("t1", 60), Armed)
    assert isinstance(bench.driver.confirm("t1"), Confirmed)
    bench.switch.boot()
    again = bench.driver.normal(BUNDLE)
    assert isinstance(again, Staged)
    assert again.sections != again.running


def test_a_slow_device_is_waited_for(bench: Bench) -> None:
    bench.misbehave(Mischief(slow_s=0.1))
    assert isinstance(bench.driver.fetch(), Fetched)
