"""Nothing can cut a building off: a change that nobody confirms comes back by itself."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Thread

import pytest

from inventory.access import Patience
from playbooks.change import Failed, Restored, Unchanged
from playbooks.drivers.base import Armed, Failure, FailureKind, Reverted, Staged, Status
from playbooks.drivers.gateway import GatewayDriver
from playbooks.drivers.linux import SshCarrier
from playbooks.outlook import outlooks
from tests.playbooks.standing import (
    NFTABLES,
    SWANCTL,
    TODAY,
    Change,
    Standing,
    changed,
    differences,
    everywhere,
    one_more_table,
    pushed,
    running,
    wait_for,
)

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

REALLY = {"kernel nftables", "charon connections", "sshd effective"}
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
    wait_for(driver, 40)
    assert differences(driver, before) == []
    assert pushed(manager.order("gw-b"), driver) == Unchanged()


def test_a_commit_whose_author_is_gone_takes_itself_back_whatever_it_touched(manager: Standing) -> None:
    driver, before = manager.driver("gw-c"), running(manager.driver("gw-c"))
    bundle = everywhere(manager.bundle("gw-c"))
    assert isinstance(driver.stage("abandoned1", bundle), Staged)
    assert isinstance(driver.commit("abandoned1", 8), Armed)
    different = {section for section, _lines in differences(driver, before)}
    assert different == {f"file {file.path}" for file in bundle.files} | REALLY
    # One of the two sleepers does not live to see it.
    manager.console("gw-c", "kill -9 $(pgrep -f 'gate [f]ire abandoned1' | tail -n 1)")
    time.sleep(8)
    wait_for(driver, 30)
    assert differences(driver, before) == []
    assert isinstance(status := driver.status(), Status)
    assert set(status.units.values()) == {"active"}
    assert status.done["abandoned1"] == "reverted"
    assert isinstance(late := driver.confirm("abandoned1"), Failure)
    assert late.kind is FailureKind.EXPIRED
    assert (
        manager.console("gw-c", "ls -A /var/lib/fosa/armed; find /etc -name '.*.fosa-*'; pgrep -f 'gate [f]ire'") == ""
    )


def test_a_power_cut_while_armed_leads_back_whatever_was_touched(manager: Standing) -> None:
    driver, before = manager.driver("gw-c"), running(manager.driver("gw-c"))
    driver.stage("powercut1", everywhere(manager.bundle("gw-c")))
    assert isinstance(driver.commit("powercut1", 600), Armed)
    # What the next start does, without a start: the sleepers are gone, boot comes before anything loads its file.
    start = "nft -f /etc/nftables.conf; swanctl --load-all --noprompt >/dev/null"
    said = manager.console(
        "gw-c", f"kill -9 $(pgrep -f 'gate [f]ire powercut1'); /usr/local/lib/fosa/gate boot; {start}"
    )
    assert '"reverted": ["powercut1"]' in said
    wait_for(driver, 20)
    assert differences(driver, before) == []


def test_a_commit_said_again_is_answered_alike(manager: Standing) -> None:
    driver, before = manager.driver("gw-b"), running(manager.driver("gw-b"))
    driver.stage("saidtwice", one_more_table(manager.bundle("gw-b")))
    assert isinstance(first := driver.commit("saidtwice", 60), Armed)
    assert isinstance(second := driver.commit("saidtwice", 300), Armed)
    assert isinstance(status := driver.status(), Status)
    assert abs(second.deadline - first.deadline) < 0.5
    assert status.armed == "saidtwice"
    assert status.deadline == pytest.approx(first.deadline, abs=0.5)
    assert driver.revert("saidtwice") == Reverted()
    assert isinstance(settled := driver.commit("saidtwice", 60), Failure)
    assert settled.kind is FailureKind.EXPIRED
    assert differences(driver, before) == []


def test_a_commit_that_was_cut_short_is_taken_back_when_it_is_said_again(manager: Standing) -> None:
    driver, before = manager.driver("gw-b"), running(manager.driver("gw-b"))
    driver.stage("cutshort1", one_more_table(manager.bundle("gw-b")))
    assert isinstance(driver.commit("cutshort1", 60), Armed)
    manager.console("gw-b", "rm /var/lib/fosa/armed/cutshort1/applied")
    assert isinstance(cut := driver.commit("cutshort1", 60), Failure)
    assert cut.kind is FailureKind.DEVICE
    assert differences(driver, before) == []
    assert driver.revert("cutshort1") == Reverted()


def other_identity(text: str) -> str:
    return text.replace("id = gw-b.mops", "id = other.mops")


def other_proposals(text: str) -> str:
    """What gw-b does not offer."""
    place = text.index("        proposals = ", text.index("    k-b {"))
    return f"{text[:place]}        proposals = aes128gcm16-prfsha256-modp4096{text[text.index(chr(10), place) :]}"


@pytest.mark.parametrize("edit", [other_identity, other_proposals])
def test_a_hub_that_shuts_a_tunnel_out_is_taken_back(manager: Standing, edit: Callable[[str], str]) -> None:
    """The hub opens none of its tunnels: the SAs it had would live on, and hide for a day that no new one comes."""
    driver, before = manager.driver("gw-k"), running(manager.driver("gw-k"))
    bundle = changed(manager.bundle("gw-k"), SWANCTL, edit)
    assert bundle != manager.bundle("gw-k")
    outcome = pushed(replace(manager.order("gw-k"), bundle=bundle), driver, patience=5)
    assert isinstance(outcome, Failed)
    assert (str(outcome.reason), outcome.restored) == ("not up: k-b", Restored.YES)
    assert differences(driver, before) == []
    wait_for(manager.driver("gw-b"), 20)


def test_a_tunnel_that_stands_and_carries_nothing_is_found_out(manager: Standing) -> None:
    driver, before = manager.driver("gw-k"), running(manager.driver("gw-k"))
    outlook = outlooks(manager.office, [manager.office.device("gw-k")], TODAY)["gw-k"]
    drop = "type filter hook {} priority -300; ip daddr 10.64.32.0/20 drop"
    chains = "".join(f"chain {hook} {{ {drop.format(hook)}\n}}\n" for hook in ("forward", "output"))
    bundle = changed(manager.bundle("gw-k"), NFTABLES, lambda text: f"{text}table inet more {{\n{chains}}}\n")
    order = replace(manager.order("gw-k"), bundle=bundle)
    outcome = pushed(order, driver, patience=3, outlook=replace(outlook, sights=()))
    assert isinstance(outcome, Failed)
    assert (str(outcome.reason), outcome.restored) == ("nothing comes back through: k-c", Restored.YES)
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
