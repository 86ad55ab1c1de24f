"""The drivers of AOS-CX and ArubaOS-Switch: netmiko, unmodified, against the emulated devices."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import asyncssh
import pytest

from inventory.course import Guard
from lab.devices.aruba_aoscx.device import Aoscx
from lab.devices.hp_procurve.device import Procurve
from lab.devices.mischief import Mischief
from playbooks.drivers.base import Armed, Confirmed, Failure, FailureKind, Fetched, Reverted, Staged, Status
from playbooks.drivers.cli.driver import RUNNING, CliDriver
from templates.render import Rendered
from tests.playbooks import single
from tests.playbooks.hpe import AOSCX, PROCURVE, SECRETS, Make
from tests.playbooks.single import Safe, driver_of
from tests.playbooks.switched import Powered, switched_on


@dataclass
class Bench:
    """A switch, and the driver of it."""

    make: Make
    switch: Aoscx | Procurve
    powered: Powered
    folder: Path

    def driver(self, **otherwise: object) -> CliDriver:
        """By the account of last resort, or another."""
        office, secrets = self.make.office(), Safe(SECRETS)
        return driver_of(office, self.powered.server, secrets, self.folder, **otherwise)

    def misbehave(self, **how: object) -> None:
        """From now on; nothing: no more."""
        self.switch.mischief = replace(Mischief(), **how)  # type: ignore[arg-type]  # each test names its own

    def text(self) -> str:
        """What runs, comparable."""
        return self.make.dialect.normal(self.switch.text())

    def small(self, token: str = "t1") -> CliDriver:
        """A driver with a change of one line staged."""
        driver = self.driver()
        answer = driver.stage(token, bundle(self.make, self.make.near(self.switch.text())))
        assert isinstance(answer, Staged), answer
        return driver


@pytest.fixture(params=[AOSCX, PROCURVE], ids=str)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "disk").mkdir()
    make: Make = request.param
    switch = make.device(make.box(tmp_path / "disk", make.by_hand))
    with switched_on(switch) as powered:
        yield Bench(make, switch, powered, tmp_path)


def bundle(make: Make, text: str) -> Rendered:
    return single.bundle(make.platform, text)


def until(holds: Callable[[], bool]) -> None:
    """Wait for it; pytest's own time-out ends what never comes."""
    while not holds():
        time.sleep(0.05)


def failed(answer: object) -> FailureKind:
    assert isinstance(answer, Failure), answer
    return answer.kind


def test_the_whole_configuration_is_pushed_kept_and_needs_nothing_more(bench: Bench) -> None:
    driver, wanted = bench.driver(), bench.make.rendered()
    fetched = driver.fetch()
    assert isinstance(fetched, Fetched)
    assert bench.make.hashed not in fetched.sections[RUNNING]
    staged = driver.stage("t1", wanted)
    assert isinstance(staged, Staged), staged
    assert not [secret for secret in SECRETS.values() if secret in str(staged)]
    armed = driver.commit("t1", 45)
    assert isinstance(armed, Armed), armed
    assert armed.guard is (Guard.DEVICE if bench.make is AOSCX else Guard.DEVICE_RELOAD)
    assert 0 < armed.deadline - time.time() <= 61
    assert bench.switch.box.saved is None
    status = driver.status()
    assert isinstance(status, Status)
    assert status.armed == "t1"
    assert driver.commit("t1", 45) == armed
    assert driver.confirm("t1") == Confirmed()
    again = driver.normal(wanted)
    assert isinstance(again, Staged)
    assert again.sections == again.running == staged.sections
    assert not bench.switch.timer.pending
    bench.powered.call(bench.switch.boot)
    assert driver.fetch() == Fetched(staged.sections)


def test_a_change_is_taken_back_when_asked(bench: Bench) -> None:
    driver, before = bench.driver(), bench.text()
    assert isinstance(driver.stage("t1", bench.make.rendered()), Staged)
    assert isinstance(driver.commit("t1", 60), Armed)
    assert bench.text() != before
    assert driver.revert("t1") == Reverted()
    assert not bench.switch.timer.pending
    assert bench.text() == before
    if bench.make is AOSCX:
        assert not list(bench.switch.box.disk.glob("checkpoint-*"))
    assert driver.revert("t1") == Reverted()
    assert failed(driver.confirm("t1")) is FailureKind.EXPIRED


def test_the_device_takes_back_by_itself(bench: Bench) -> None:
    before, driver = bench.text(), bench.small()
    assert isinstance(driver.commit("t1", 60), Armed)
    assert bench.text() != before
    bench.powered.call(bench.switch.timer.fire)
    assert bench.text() == before
    assert failed(driver.confirm("t1")) is FailureKind.EXPIRED
    status = driver.status()
    assert isinstance(status, Status)
    assert status.armed == ""
    assert status.done == {"t1": "reverted"}
    assert bench.switch.box.saved is None


def test_a_power_cut_brings_back_what_was_saved(bench: Bench) -> None:
    before, driver = bench.text(), bench.small()
    bench.misbehave(reboot=r"logging 192\.0\.2\.9")
    assert failed(driver.commit("t1", 60)) is FailureKind.UNREACHABLE
    bench.misbehave()
    until(lambda: isinstance(driver.fetch(), Fetched))
    assert bench.text() == before
    assert failed(driver.confirm("t1")) is FailureKind.EXPIRED


def test_a_line_refused_half_way_takes_everything_back(bench: Bench) -> None:
    driver, before = bench.driver(), bench.text()
    assert isinstance(driver.stage("t1", bench.make.rendered()), Staged)
    bench.misbehave(refuse=r"^radius-server")
    answer = driver.commit("t1", 60)
    assert failed(answer) is FailureKind.INVALID
    assert "radius-server host 10.64.1.9 key" in str(answer)
    assert "radius-secret-1" not in str(answer)
    assert bench.text() == before
    assert not bench.switch.timer.pending


def test_a_connection_lost_half_way_is_left_to_the_devices_own_guard(bench: Bench) -> None:
    driver, before = bench.driver(), bench.text()
    assert isinstance(driver.stage("t1", bench.make.rendered()), Staged)
    bench.misbehave(drop=r"^vlan 4094")
    assert failed(driver.commit("t1", 60)) is FailureKind.UNREACHABLE
    assert bench.switch.timer.pending
    assert bench.text() != before
    bench.misbehave()
    bench.powered.call(bench.switch.timer.fire)
    assert bench.text() == before


def test_without_a_guard_nothing_is_typed(bench: Bench) -> None:
    before, driver = bench.text(), bench.small()
    bench.misbehave(refuse=r"^(?:checkpoint auto|reload after)")
    assert failed(driver.commit("t1", 60)) is FailureKind.DEVICE
    assert bench.text() == before


def test_a_device_that_only_says_it_has_saved_is_not_believed(bench: Bench) -> None:
    before, driver = bench.text(), bench.small()
    assert isinstance(driver.commit("t1", 60), Armed)
    bench.misbehave(forgets=True)
    assert failed(driver.confirm("t1")) is FailureKind.DEVICE
    assert bench.switch.timer.pending
    bench.powered.call(bench.switch.timer.fire)
    assert bench.text() == before


def test_a_confirmation_whose_answer_is_lost_leaves_nothing_half_done(bench: Bench) -> None:
    driver, before = bench.small(), bench.text()
    assert isinstance(driver.commit("t1", 60), Armed)
    bench.misbehave(drop="^(?:checkpoint auto confirm|no reload)", once=True)
    assert failed(driver.confirm("t1")) is FailureKind.UNREACHABLE
    again = driver.confirm("t1")
    if bench.make is PROCURVE:
        assert again == Confirmed()
    else:
        # It does not say whether its timer runs.
        assert failed(again) is FailureKind.DEVICE
        assert driver.revert("t1") == Reverted()
    assert (bench.text() == before) is (bench.make is AOSCX)
    assert bench.make.dialect.normal(bench.switch.startup) == bench.text()


def test_a_question_nobody_foresaw_is_answered_with_no_and_takes_everything_back(bench: Bench) -> None:
    driver, before = bench.driver(), bench.text()
    assert isinstance(driver.stage("t1", bench.make.rendered()), Staged)
    bench.misbehave(asks="^radius-server")
    answer = driver.commit("t1", 60)
    assert failed(answer) is FailureKind.INVALID
    assert "Are you sure" in str(answer)
    assert "radius-secret-1" not in str(answer)
    bench.misbehave()
    assert driver.revert("t1") == Reverted()
    assert bench.text() == before


def test_pages_are_turned(bench: Bench) -> None:
    driver = bench.driver()
    before = driver.fetch()
    bench.misbehave(pages=True)
    assert driver.fetch() == before


def test_another_device_behind_the_address_is_neither_believed_nor_written_to(bench: Bench) -> None:
    before = bench.text()
    bench.misbehave(name="sw-c-7")
    assert failed(bench.driver().fetch()) is FailureKind.REFUSED
    assert failed(bench.driver().stage("t1", bench.make.rendered())) is FailureKind.REFUSED
    bench.misbehave()
    assert bench.text() == before


@pytest.mark.parametrize(
    ("otherwise", "kind"),
    [
        ({"key": "file:wrong"}, FailureKind.AUTHENTICATION),
        ({"user": "nikt"}, FailureKind.AUTHENTICATION),
        ({"key": "file:nowhere"}, FailureKind.AUTHENTICATION),
        ({"host_key": None}, FailureKind.HOST_KEY),
        ({"port": 1}, FailureKind.UNREACHABLE),
    ],
)
def test_says_why_nobody_is_let_in(bench: Bench, otherwise: dict[str, object], kind: FailureKind) -> None:
    assert failed(bench.driver(**otherwise).fetch()) is kind


def test_another_host_key_than_the_pinned_one_is_refused(bench: Bench) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    assert failed(bench.driver(host_key=other).fetch()) is FailureKind.HOST_KEY


def test_a_full_device_is_told_as_one_that_cannot_be_reached(bench: Bench) -> None:
    bench.misbehave(sessions=0)
    assert failed(bench.driver().fetch()) is FailureKind.UNREACHABLE


def test_somebody_elses_change_between_stage_and_commit_stops_it(bench: Bench) -> None:
    driver = bench.small()
    bench.switch.box.save(bench.make.near(bench.switch.text()).replace("192.0.2.9", "192.0.2.77"))
    bench.powered.call(bench.switch.boot)
    assert failed(driver.commit("t1", 60)) is FailureKind.MOVED


# ---- ArubaOS-Switch only ---------------------------------------------------------------------------------------------


@pytest.fixture
def procurve(tmp_path: Path) -> Iterator[Bench]:
    (tmp_path / "disk").mkdir()
    switch = Procurve(PROCURVE.box(tmp_path / "disk", PROCURVE.by_hand))
    with switched_on(switch) as powered:
        yield Bench(PROCURVE, switch, powered, tmp_path)


def test_what_a_restart_would_lose_is_not_built_upon(procurve: Bench) -> None:
    switch, driver = procurve.switch, procurve.driver()
    switch.box.save(switch.text().replace("untagged 1-4", "untagged 1-3"))
    answer = driver.stage("t1", PROCURVE.rendered())
    assert failed(answer) is FailureKind.REFUSED
    assert "write memory" in str(answer)


def test_without_credentials_in_the_text_a_restart_would_bring_back_others(procurve: Bench) -> None:
    switch = procurve.switch
    switch.box.save(switch.text().replace("include-credentials\n", ""))
    procurve.powered.call(switch.boot)
    answer = procurve.driver().stage("t1", PROCURVE.rendered())
    assert failed(answer) is FailureKind.REFUSED
    assert "include-credentials" in str(answer)


def test_what_cannot_be_typed_back_is_brought_back_by_a_restart(procurve: Bench) -> None:
    before, driver = procurve.text(), procurve.small()
    assert isinstance(driver.commit("t1", 60), Armed)
    procurve.misbehave(refuse=r"^no logging")
    assert failed(driver.revert("t1")) is FailureKind.UNREACHABLE
    procurve.misbehave()
    until(lambda: isinstance(driver.fetch(), Fetched))
    assert procurve.text() == before
    assert driver.revert("t1") == Reverted()


def test_the_managers_mode_is_asked_for_where_somebody_begins_below_it(procurve: Bench) -> None:
    switch = procurve.switch
    operator = 'password operator user-name "czyta" sha256 "0123abcd"\n'
    switch.box.save(switch.text() + operator)
    switch.hashes["0123abcd"] = "wrong-word-1"
    procurve.powered.call(switch.boot)
    assert isinstance(procurve.driver(user="czyta", key="file:wrong", enable="file:password").fetch(), Fetched)
    assert failed(procurve.driver(user="czyta", key="file:wrong", enable="file:wrong").fetch()) is (
        FailureKind.AUTHENTICATION
    )
