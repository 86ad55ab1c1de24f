"""Pushing to real gateways: what goes through, and what is refused with nothing changed."""

from dataclasses import replace

import pytest

from playbooks.change import Changed, Failed, Restored, Unchanged
from playbooks.drivers import CarrierKind
from playbooks.drivers.base import Failure, FailureKind, Status
from playbooks.plan import plan
from tests.playbooks.standing import NFTABLES, SSHD, SWANCTL, Change, Standing, changed, differences, pushed, running

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]


@pytest.mark.parametrize("kind", CarrierKind)
def test_the_second_push_has_nothing_to_do(manager: Standing, kind: CarrierKind) -> None:
    assert pushed(manager.order("gw-b"), manager.driver("gw-b", kind)) == Unchanged()


@pytest.mark.parametrize("kind", CarrierKind)
def test_a_rule_typed_by_hand_is_a_difference_and_goes(manager: Standing, kind: CarrierKind) -> None:
    driver = manager.driver("gw-b", kind)
    before = running(driver)
    manager.console("gw-b", "nft add rule inet fosa input ip saddr 192.0.2.77 accept")
    made = plan("gw-b", running(driver), before)
    assert [(diff.section, diff.changes) for diff in made.diffs] == [
        ("kernel nftables", ("-\t\tip saddr 192.0.2.77 accept",))
    ]
    assert pushed(manager.order("gw-b"), manager.driver("gw-b", kind)) == Changed()
    assert differences(driver, before) == []


def test_a_file_changed_by_hand_is_a_difference_and_goes(manager: Standing) -> None:
    before = running(manager.driver("gw-b"))
    manager.console("gw-b", "chmod 666 /etc/snmp/snmpd.conf; echo 'server 192.0.2.9' >> /etc/chrony/chrony.conf")
    different = {diff.section for diff in plan("gw-b", running(manager.driver("gw-b")), before).diffs}
    assert different == {"file /etc/snmp/snmpd.conf", "file /etc/chrony/chrony.conf"}
    assert pushed(manager.order("gw-b"), manager.driver("gw-b")) == Changed()
    assert differences(manager.driver("gw-b"), before) == []


def test_a_device_that_moved_after_staging_is_left_alone(manager: Standing) -> None:
    driver = manager.driver("gw-c")
    driver.stage("movedon1", manager.bundle("gw-c"))
    manager.console("gw-c", "nft add table inet byhand")
    assert isinstance(moved := driver.commit("movedon1", 30), Failure)
    assert moved.kind is FailureKind.MOVED
    assert "byhand" in running(driver)["kernel nftables"]
    manager.console("gw-c", "nft delete table inet byhand")


@pytest.mark.parametrize(
    ("path", "change", "said"),
    [
        (NFTABLES, lambda text: text + "table inet x { chain y { no such thing } }\n", "syntax error"),
        (SSHD, lambda text: text + "NoSuchOption yes\n", "NoSuchOption"),
        (SWANCTL, lambda text: text.replace("aes256gcm16", "nosuchcipher"), "proposals"),
        ("/etc/chrony/chrony.conf", lambda text: text + "nosuchdirective\n", "Invalid directive"),
        ("/etc/rsyslog.conf", lambda text: text + 'module(load="nosuchmodule")\n', "nosuchmodule"),
        (NFTABLES, lambda text: text + 'include "/etc/shadow"\n', "include"),
    ],
)
def test_a_candidate_that_a_tool_refuses_changes_nothing(
    manager: Standing, path: str, change: Change, said: str
) -> None:
    before = running(manager.driver("gw-b"))
    bundle = changed(manager.bundle("gw-b"), path, change)
    outcome = manager.driver("gw-b").stage("refused01", bundle)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.where) == (FailureKind.INVALID, path)
    assert said in outcome.text
    assert differences(manager.driver("gw-b"), before) == []
    assert "refused01" not in manager.console("gw-b", "ls /var/lib/fosa/*")


def test_a_service_that_does_not_come_up_takes_the_change_back(manager: Standing) -> None:
    before = running(manager.driver("gw-c"))
    bundle = changed(
        manager.bundle("gw-c"), "/etc/ulogd.conf", lambda _text: "[global]\nplugin=nonsense\nstack=none:NONE\n"
    )
    outcome = pushed(replace(manager.order("gw-c"), bundle=bundle), manager.driver("gw-c"))
    assert isinstance(outcome, Failed)
    assert outcome.restored is Restored.YES
    assert differences(manager.driver("gw-c"), before) == []
    status = manager.driver("gw-c").status()
    assert isinstance(status, Status)
    assert set(status.units.values()) == {"active"}


@pytest.mark.parametrize("folder", ["/var/lib/fosa", "/etc/snmp"])
def test_a_full_disk_is_refused_with_nothing_changed(manager: Standing, folder: str) -> None:
    driver, before = manager.driver("gw-c"), running(manager.driver("gw-c"))
    fill = f"cp -a {folder} /tmp/kept && mount -t tmpfs -o size=64k full {folder} && cp -a /tmp/kept/. {folder}"
    manager.console("gw-c", f"rm -rf /tmp/kept; {fill}; head -c 100k /dev/zero > {folder}/fill")
    try:
        bundle = changed(manager.bundle("gw-c"), "/etc/snmp/snmpd.conf", lambda text: text + "# more\n")
        outcome = pushed(replace(manager.order("gw-c"), bundle=bundle), manager.driver("gw-c"))
        assert isinstance(outcome, Failed)
        assert outcome.restored is Restored.UNTOUCHED
        assert "full" in str(outcome.reason)
        assert differences(driver, before) == []
    finally:
        manager.console("gw-c", f"umount {folder}")
    assert pushed(manager.order("gw-c"), manager.driver("gw-c")) == Unchanged()
