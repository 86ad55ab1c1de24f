"""Pushing to real gateways: what goes through, what is refused, and that nothing can cut a building off."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import pytest

from inventory.model import Access, Office
from inventory.secrets import SecretStore
from playbooks.change import Changed, Failed, Order, Outcome, Ports, Restored, Unchanged, push
from playbooks.drivers import CarrierKind
from playbooks.drivers.ansible import AnsibleCarrier
from playbooks.drivers.base import Armed, Driver, Failure, FailureKind, Fetched, Reverted, Staged, Status
from playbooks.drivers.gateway import Account, Carrier, GatewayDriver, Question
from playbooks.drivers.linux import Patience, SshCarrier
from playbooks.plan import plan
from playbooks.verify import Verify
from templates.render import Rendered

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

NFTABLES, SWANCTL, SSHD = "/etc/nftables.conf", "/etc/swanctl/conf.d/fosa.conf", "/etc/ssh/sshd_config"
CUT = """flush ruleset
table inet cut {
  chain in { type filter hook input priority 0; policy drop; }
  chain out { type filter hook output priority 0; policy drop; }
}
"""
CARRIERS = [SshCarrier, AnsibleCarrier]
Change = Callable[[str], str]


class Standing(Protocol):
    """The practice office, from its manager's host."""

    @property
    def office(self) -> Office: ...
    @property
    def secrets(self) -> SecretStore: ...
    def access(self, device: str) -> Access: ...
    def driver(self, device: str, kind: CarrierKind = ...) -> Driver: ...
    def bundle(self, device: str) -> Rendered: ...
    def order(self, device: str, kind: CarrierKind = ...) -> Order: ...
    def console(self, device: str, script: str) -> str: ...


def changed(bundle: Rendered, path: str, change: Change) -> Rendered:
    files = (replace(file, text=change(file.text)) if file.path == path else file for file in bundle.files)
    return replace(bundle, files=tuple(files))


def pushed(order: Order, revert_after: int = 30, patience: float = 10.0) -> Outcome:
    ports = Ports(Verify(patience=patience), lambda _event: None, revert_after)
    return push([order], ports)[order.device]


def running(driver: Driver) -> dict[str, str]:
    fetched = driver.fetch()
    assert isinstance(fetched, Fetched), fetched
    return dict(fetched.sections)


def differences(driver: Driver, before: dict[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    return [(diff.section, diff.changes) for diff in plan("", before, running(driver)).diffs]


def wait_for(driver: Driver, seconds: float) -> float:
    """How long until a device answers again with nothing armed."""
    begin = time.monotonic()
    while time.monotonic() < begin + seconds:
        if isinstance(status := driver.status(), Status) and not status.armed:
            return time.monotonic() - begin
        time.sleep(0.2)
    pytest.fail("the device does not come back")


@pytest.mark.parametrize("kind", CarrierKind)
def test_the_second_push_has_nothing_to_do(manager: Standing, kind: CarrierKind) -> None:
    assert pushed(manager.order("gw-b", kind)) == Unchanged()


@pytest.mark.parametrize("kind", CarrierKind)
def test_a_rule_typed_by_hand_is_a_difference_and_goes(manager: Standing, kind: CarrierKind) -> None:
    driver = manager.driver("gw-b", kind)
    before = running(driver)
    manager.console("gw-b", "nft add rule inet fosa input ip saddr 192.0.2.77 accept")
    made = plan("gw-b", running(driver), before)
    assert [(diff.section, diff.changes) for diff in made.diffs] == [
        ("kernel nftables", ("-\t\tip saddr 192.0.2.77 accept",))
    ]
    assert pushed(manager.order("gw-b", kind)) == Changed()
    assert differences(driver, before) == []


def test_a_file_changed_by_hand_is_a_difference_and_goes(manager: Standing) -> None:
    before = running(manager.driver("gw-b"))
    manager.console("gw-b", "chmod 666 /etc/snmp/snmpd.conf; echo 'server 192.0.2.9' >> /etc/chrony/chrony.conf")
    different = {diff.section for diff in plan("gw-b", running(manager.driver("gw-b")), before).diffs}
    assert different == {"file /etc/snmp/snmpd.conf", "file /etc/chrony/chrony.conf"}
    assert pushed(manager.order("gw-b")) == Changed()
    assert differences(manager.driver("gw-b"), before) == []


def wrong_identity(text: str) -> str:
    return text.replace("id = gw-k.mops.example", "id = somebody.else.example")


@pytest.mark.parametrize(("path", "change"), [(NFTABLES, lambda _text: CUT), (SWANCTL, wrong_identity)])
def test_a_change_that_cuts_the_only_way_comes_back_by_itself(manager: Standing, path: str, change: Change) -> None:
    driver = GatewayDriver(SshCarrier(manager.access("gw-b"), manager.secrets, Patience(connect=2)))
    before = running(driver)
    bundle = changed(manager.bundle("gw-b"), path, change)
    assert bundle != manager.bundle("gw-b")
    order = replace(manager.order("gw-b"), driver=driver, bundle=bundle)
    outcome = pushed(order, revert_after=8, patience=3)
    assert isinstance(outcome, Failed)
    assert wait_for(driver, 40) < 30
    assert differences(driver, before) == []
    assert pushed(manager.order("gw-b")) == Unchanged()


def test_a_commit_whose_author_is_gone_takes_itself_back(manager: Standing) -> None:
    driver, before = manager.driver("gw-c"), running(manager.driver("gw-c"))
    bundle = changed(manager.bundle("gw-c"), NFTABLES, lambda text: text + "table inet more { }\n")
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
    bundle = changed(manager.bundle("gw-c"), NFTABLES, lambda text: text + "table inet more { }\n")
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
    bundle = changed(manager.bundle("gw-c"), NFTABLES, lambda text: text + "table inet more { }\n")
    driver.stage("sleepless", bundle)
    assert isinstance(driver.commit("sleepless", 600), Armed)
    driver.stage("thesecond", manager.bundle("gw-c"))
    assert isinstance(busy := driver.commit("thesecond", 30), Failure)
    assert busy.kind is FailureKind.BUSY
    manager.console("gw-c", "kill -9 $(pgrep -f 'gate [f]ire sleepless')")
    assert isinstance(moved := driver.commit("thesecond", 30), Failure)
    assert moved.kind is FailureKind.MOVED
    assert differences(driver, before) == []


def test_a_device_that_moved_after_staging_is_left_alone(manager: Standing) -> None:
    driver = manager.driver("gw-c")
    driver.stage("movedon1", manager.bundle("gw-c"))
    manager.console("gw-c", "nft add table inet byhand")
    assert isinstance(moved := driver.commit("movedon1", 30), Failure)
    assert moved.kind is FailureKind.MOVED
    assert "byhand" in running(driver)["kernel nftables"]
    manager.console("gw-c", "nft delete table inet byhand")


def test_confirm_and_the_deadline_have_one_winner(manager: Standing) -> None:
    driver = manager.driver("gw-c")
    for number in range(2):
        token = f"racing{number:03}"
        driver.stage(token, manager.bundle("gw-c"))
        armed = driver.commit(token, 5)
        assert isinstance(armed, Armed)
        time.sleep(max(0.0, armed.deadline - time.time() - 0.3 + 0.2 * number))
        confirmed = driver.confirm(token)
        wait_for(driver, 10)
        outcome = manager.console("gw-c", f"ls -d /var/lib/fosa/done/{token}.*").strip().rpartition(".")[2]
        assert outcome == ("reverted" if isinstance(confirmed, Failure) else "confirmed")


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
    outcome = pushed(replace(manager.order("gw-c"), bundle=bundle))
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
        outcome = pushed(replace(manager.order("gw-c"), bundle=bundle))
        assert isinstance(outcome, Failed)
        assert outcome.restored is Restored.UNTOUCHED
        assert "full" in outcome.reason
        assert differences(driver, before) == []
    finally:
        manager.console("gw-c", f"umount {folder}")
    assert pushed(manager.order("gw-c")) == Unchanged()


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_read_key_cannot_write_and_the_attempt_is_logged(manager: Standing, carrier: type[SshCarrier]) -> None:
    way: Carrier = carrier(manager.access("gw-b"), manager.secrets)
    answer = way.ask(Question(Account.READ, "commit intruder1 60"))
    assert isinstance(answer, str)
    assert '"refused"' in answer
    time.sleep(1.5)
    assert "read commit intruder1 60: refused" in manager.console("log-k", "cat /var/log/office.log")


@pytest.mark.parametrize("carrier", CARRIERS)
def test_says_why_a_device_cannot_be_asked(manager: Standing, carrier: type[SshCarrier]) -> None:
    def kind(access: Access) -> FailureKind | None:
        answer = GatewayDriver(carrier(access, manager.secrets)).status()
        return answer.kind if isinstance(answer, Failure) else None

    good = manager.access("gw-k")
    other = manager.access("gw-b").read.host_key

    def read(**update: object) -> Access:
        return good.model_copy(update={"read": good.read.model_copy(update=update)})

    assert kind(good) is None
    assert kind(read(host_key=other)) is FailureKind.HOST_KEY
    assert kind(read(host_key=None)) is FailureKind.HOST_KEY
    assert kind(read(key=good.write.key)) is FailureKind.AUTHENTICATION
    assert kind(read(user="root")) is FailureKind.AUTHENTICATION
    assert kind(read(port=2222)) is FailureKind.UNREACHABLE
    assert kind(read(key="env:FOSA_NO_SUCH_VARIABLE")) is FailureKind.AUTHENTICATION


def test_a_revert_during_a_commit_wins(manager: Standing) -> None:
    from threading import Thread

    driver, before = manager.driver("gw-k"), running(manager.driver("gw-k"))
    bundle = changed(manager.bundle("gw-k"), NFTABLES, lambda text: text + "table inet more { }\n")
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
