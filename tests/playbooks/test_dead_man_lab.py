"""Nothing can cut a building off: a change that nobody confirms comes back by itself."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Thread

import pytest

from inventory.access import Patience
from playbooks.change import Failed, Unchanged
from playbooks.drivers.base import Armed, Failure, FailureKind, Reverted, Staged, Status
from playbooks.drivers.gateway import GatewayDriver
from playbooks.drivers.linux import SshCarrier
from tests.playbooks.standing import (
    NFTABLES,
    SWANCTL,
    Change,
    Standing,
    changed,
    differences,
    one_more_table,
    pushed,
    running,
    wait_for,
)

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

CUT = """flush ruleset
table inet cut {
  chain in { type filter hook input priority 0; policy drop; }
  chain out { type filter hook output priority 0; policy drop; }
}
"""


def wrong_identity(text: str) -> str:
    return text.replace("id = gw-k.mops.example", "id = somebody.else.example")


@pytest.mark.parametrize(("path", "change"), [(NFTABLES, lambda _text: CUT), (SWANCTL, wrong_identity)])
def test_a_change_that_cuts_the_only_way_comes_back_by_itself(manager: Standing, path: str, change: Change) -> None:
    driver = GatewayDriver(SshCarrier(manager.access("gw-b"), manager.secrets, Patience(connect=2)))
    before = running(driver)
    bundle = changed(manager.bundle("gw-b"), path, change)
    assert bundle != manager.bundle("gw-b")
    order = replace(manager.order("gw-b"), bundle=bundle)
    outcome = pushed(order, driver, revert_after=5, patience=3)
    assert isinstance(outcome, Failed)
    assert wait_for(driver, 40) < 30
    assert differences(driver, before) == []
    assert pushed(manager.order("gw-b"), driver) == Unchanged()


def test_a_commit_whose_author_is_gone_takes_itself_back(manager: Standing) -> None:
    driver, before = manager.driver("gw-c"), running(manager.driver("gw-c"))
    bundle = one_more_table(manager.bundle("gw-c"))
    assert isinstance(driver.stage("abandoned1", bundle), Staged)
    assert isinstance(driver.commit("abandoned1", 5), Armed)
    assert running(driver) != before
    time.sleep(5.5)
    assert wait_for(driver, 10) < 5
    assert differences(driver, before) == []
    assert isinstance(late := driver.confirm("abandoned1"), Failure)
    assert late.kind is FailureKind.EXPIRED
    assert (
        manager.console("gw-c", "ls -A /var/lib/fosa/armed; find /etc -name '.*.fosa-*'; pgrep -f 'gate [f]ire'") == ""
    )


def test_a_power_cut_while_armed_leads_back(manager: Standing) -> None:
    driver, before = manager.driver("gw-c"), running(manager.driver("gw-c"))
    bundle = one_more_table(manager.bundle("gw-c"))
    driver.stage("powercut1", bundle)
    assert isinstance(driver.commit("powercut1", 600), Armed)
    # What the next start does, without a start: the sleeper is gone, boot comes before the rules are loaded.
    said = manager.console(
        "gw-c", "kill -9 $(pgrep -f 'gate [f]ire powercut1'); /usr/local/lib/fosa/gate boot; nft -f /etc/nftables.conf"
    )
    assert '"reverted": ["powercut1"]' in said
    assert differences(driver, before) == []


def test_a_change_without_its_sleeper_is_taken_back_by_the_next(manager: Standing) -> None:
    driver, before = manager.driver("gw-c"), running(manager.driver("gw-c"))
    bundle = one_more_table(manager.bundle("gw-c"))
    driver.stage("sleepless", bundle)
    assert isinstance(driver.commit("sleepless", 600), Armed)
    driver.stage("thesecond", manager.bundle("gw-c"))
    assert isinstance(busy := driver.commit("thesecond", 30), Failure)
    assert busy.kind is FailureKind.BUSY
    manager.console("gw-c", "kill -9 $(pgrep -f 'gate [f]ire sleepless')")
    assert isinstance(moved := driver.commit("thesecond", 30), Failure)
    assert moved.kind is FailureKind.MOVED
    assert differences(driver, before) == []


def test_confirm_and_the_deadline_have_one_winner(manager: Standing) -> None:
    def race(device: str, early: float) -> tuple[str, str]:
        """What the confirmation was told, and what became of the change."""
        driver, token = manager.driver(device), f"racing{device[-1]}01"
        driver.stage(token, manager.bundle(device))
        armed = driver.commit(token, 5)
        assert isinstance(armed, Armed)
        time.sleep(max(0.0, armed.deadline - time.time() - early))
        told = "reverted" if isinstance(driver.confirm(token), Failure) else "confirmed"
        wait_for(driver, 10)
        return told, manager.console(device, f"ls -d /var/lib/fosa/done/{token}.*").strip().rpartition(".")[2]

    with ThreadPoolExecutor() as pool:
        races = list(pool.map(race, ("gw-b", "gw-c"), (0.3, 0.1)))
    assert [told for told, _became in races] == [became for _told, became in races]


def test_a_revert_during_a_commit_wins(manager: Standing) -> None:
    driver, before = manager.driver("gw-k"), running(manager.driver("gw-k"))
    bundle = one_more_table(manager.bundle("gw-k"))
    driver.stage("overtaken", bundle)
    answers: list[object] = []
    thread = Thread(target=lambda: answers.append(driver.commit("overtaken", 60)))
    thread.start()
    time.sleep(0.25)
    assert driver.revert("overtaken") == Reverted()
    thread.join()
    assert differences(driver, before) == []
    assert isinstance(status := driver.status(), Status)
    assert status.armed == ""
