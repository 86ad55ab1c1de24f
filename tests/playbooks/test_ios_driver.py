"""The driver of IOS: NAPALM, unmodified, against the emulated device."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

from inventory.course import Guard
from inventory.model import Platform
from lab.devices.cisco_ios.config import Node
from lab.devices.cisco_ios.device import Ios
from lab.devices.mischief import Mischief
from playbooks.drivers.base import Armed, Confirmed, Failure, FailureKind, Fetched, Reverted, Staged
from playbooks.drivers.cisco_ios.normal import normal
from playbooks.drivers.cli.driver import RUNNING, CliDriver
from templates.render import Rendered
from tests.playbooks import single
from tests.playbooks.ios import BY_HAND, HASH, SECRETS, box, office, rendered
from tests.playbooks.single import Safe, driver_of
from tests.playbooks.switched import Powered, switched_on

SMALL = BY_HAND.replace("end\n", "ntp server 192.0.2.9\nend\n")
"""One line away from what runs."""


@dataclass
class Bench:
    """A switch, and the driver of it."""

    switch: Ios
    powered: Powered
    folder: Path

    def driver(self, **otherwise: object) -> CliDriver:
        """By the account of last resort, or another."""
        return driver_of(office(), self.powered.server, Safe(SECRETS), self.folder, **otherwise)

    def text(self) -> str:
        """What runs, comparable."""
        return normal(self.switch.text())


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "disk").mkdir()
    made = box(tmp_path / "disk", BY_HAND)
    made.minute_s = 20.0
    switch = Ios(made)
    with switched_on(switch) as powered:
        yield Bench(switch, powered, tmp_path)


def bundle(text: str) -> Rendered:
    return single.bundle(Platform.CISCO_IOS, text)


def staged(driver: CliDriver, text: str, token: str = "t1") -> Staged:
    answer = driver.stage(token, bundle(text))
    assert isinstance(answer, Staged), answer
    return answer


def failed(answer: object) -> FailureKind:
    assert isinstance(answer, Failure), answer
    return answer.kind


def test_the_whole_configuration_is_pushed_kept_and_needs_nothing_more(bench: Bench) -> None:
    driver, root = bench.driver(), bench.switch.config.root
    # A user who goes: IOS asks whether that is meant, in the middle of the file.
    root.below[("username", "alter")] = Node("username alter privilege 15 secret 5 $1$abcd$efgh")
    fetched = driver.fetch()
    assert isinstance(fetched, Fetched)
    assert HASH not in fetched.sections[RUNNING]
    answer = staged(driver, rendered())
    for secret in SECRETS.values():
        assert secret not in str(answer)
    armed = driver.commit("t1", 45)
    assert isinstance(armed, Armed), armed
    assert armed.guard is Guard.DEVICE
    assert time.time() < armed.deadline <= time.time() + 60
    assert driver.confirm("t1") == Confirmed()
    again = driver.normal(bundle(rendered()))
    assert isinstance(again, Staged)
    assert again.sections == again.running == answer.sections
    assert "FOSA-MANAGEMENT" in (bench.switch.box.saved or "")
    assert not (bench.switch.disk.flash / "merge_config.txt").exists()
    assert normal(bench.switch.text()).count("username ") == 1


def test_the_device_takes_back_by_itself(bench: Bench) -> None:
    driver, before = bench.driver(), bench.text()
    staged(driver, SMALL)
    assert isinstance(driver.commit("t1", 60), Armed)
    bench.powered.call(bench.switch.timer.fire)
    assert bench.text() == before
    assert failed(driver.confirm("t1")) is FailureKind.EXPIRED


def test_a_line_refused_half_way_takes_everything_back(bench: Bench) -> None:
    driver, before = bench.driver(), bench.text()
    staged(driver, rendered())
    bench.switch.mischief = Mischief(refuse=r"^radius server")
    answer = driver.commit("t1", 60)
    assert failed(answer) is FailureKind.INVALID
    assert "radius server FOSA-1" in str(answer)
    assert bench.text() == before
    assert not bench.switch.timer.pending


def test_words_napalm_does_not_know_take_everything_back_too(bench: Bench) -> None:
    driver, before = bench.driver(), bench.text()
    text = SMALL.replace(
        "interface GigabitEthernet1/0/1\n", "interface GigabitEthernet1/0/1\n switchport port-security\n"
    )
    staged(driver, text)
    answer = driver.commit("t1", 60)
    assert failed(answer) is FailureKind.INVALID
    assert "dynamic port" in str(answer)
    assert bench.text() == before


def test_nothing_is_begun_where_nothing_would_take_it_back(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    switch = Ios(box(tmp_path / "disk", BY_HAND.replace("archive\n path flash:fosa-archive\n", "")))
    with switched_on(switch) as powered:
        answer = Bench(switch, powered, tmp_path).driver().stage("t1", bundle(SMALL))
    assert failed(answer) is FailureKind.REFUSED
    assert "archive" in str(answer)


def test_a_device_that_only_says_it_saves_is_not_believed(bench: Bench) -> None:
    driver, before = bench.driver(), bench.text()
    staged(driver, SMALL)
    assert isinstance(driver.commit("t1", 60), Armed)
    bench.switch.mischief = Mischief(forgets=True)
    assert failed(driver.confirm("t1")) is FailureKind.DEVICE
    bench.switch.mischief = Mischief()
    assert driver.revert("t1") == Reverted()
    assert bench.text() == before
    assert failed(driver.confirm("t1")) is FailureKind.EXPIRED


def test_who_is_not_meant_is_not_written_to(bench: Bench) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    assert failed(bench.driver(host_key=other).fetch()) is FailureKind.HOST_KEY
    assert failed(bench.driver(host_key=None).fetch()) is FailureKind.HOST_KEY
    assert failed(bench.driver(key="file:wrong").fetch()) is FailureKind.AUTHENTICATION
    bench.switch.mischief = Mischief(name="sw-x-9")
    assert failed(bench.driver().stage("t1", bundle(SMALL))) is FailureKind.REFUSED


def test_a_wrong_password_of_the_privileged_mode_is_told(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    enable = f"enable secret 9 {HASH}\nusername awaria privilege 1 "
    switch = Ios(box(tmp_path / "disk", BY_HAND.replace("username awaria privilege 15 ", enable)))
    with switched_on(switch) as powered:
        bench = Bench(switch, powered, tmp_path)
        assert failed(bench.driver(enable="file:wrong").fetch()) is FailureKind.AUTHENTICATION
        assert isinstance(bench.driver(enable="file:password").fetch(), Fetched)


def test_a_device_that_pages_is_told_from_one_that_is_silent(bench: Bench) -> None:
    bench.switch.mischief = Mischief(pages=True)
    assert "page by page" in str(bench.driver().fetch())


def test_a_connection_lost_while_it_changes_leaves_the_device_on_guard(bench: Bench) -> None:
    driver, before = bench.driver(), bench.text()
    staged(driver, SMALL)
    bench.switch.mischief = Mischief(drop=r"^copy flash:/merge")
    assert failed(driver.commit("t1", 60)) in {FailureKind.UNREACHABLE, FailureKind.PROTOCOL}
    bench.switch.mischief = Mischief()
    assert bench.switch.timer.pending
    assert bench.text() != before
    # Whoever comes after a crash finds it armed, and may take it back.
    assert driver.revert("t1") == Reverted()
    assert bench.text() == before


class Deaf(Ios):
    """Takes no files."""

    def files(self) -> type[asyncssh.SFTPServer] | None:
        return None


def test_a_device_that_takes_no_file_is_told_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    switch = Deaf(box(tmp_path / "disk", BY_HAND))
    with switched_on(switch) as powered:
        bench = Bench(switch, powered, tmp_path)
        driver, before = bench.driver(), bench.text()
        staged(driver, SMALL)
        answer = driver.commit("t1", 60)
        assert failed(answer) is FailureKind.DEVICE
        assert str(answer)
        assert bench.text() == before
