"""Both ways to a real gate: what an account may do, and why a device cannot be asked."""

import time
from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from inventory.access import Patience
from inventory.model import Access
from playbooks.change import Changed
from playbooks.drivers import CarrierKind
from playbooks.drivers.ansible import AnsibleCarrier
from playbooks.drivers.base import Failure, FailureKind
from playbooks.drivers.gateway import Account, Carrier, GatewayDriver, Question
from playbooks.drivers.linux import SshCarrier
from tests.playbooks.standing import Standing, one_more_table, pushed

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]


def by(kind: CarrierKind, access: Access, manager: Standing) -> Carrier:
    match kind:
        case CarrierKind.SSH:
            return SshCarrier(access, manager.secrets, Patience(connect=2))
        case CarrierKind.ANSIBLE:
            return AnsibleCarrier(access, manager.secrets, manager.runs)


@pytest.mark.parametrize("carrier", CarrierKind)
def test_the_read_key_cannot_write_and_the_attempt_is_logged(manager: Standing, carrier: CarrierKind) -> None:
    answer = by(carrier, manager.access("gw-b"), manager).ask(Question(Account.READ, f"commit intruder{carrier} 60"))
    assert isinstance(answer, str)
    assert '"refused"' in answer
    limit = time.monotonic() + 60
    while f"read commit intruder{carrier} 60: refused" not in manager.console("log-k", "cat /var/log/office.log"):
        assert time.monotonic() < limit, "no word of it reaches the log server"
        time.sleep(0.2)


@pytest.mark.parametrize("carrier", CarrierKind)
def test_says_why_a_device_cannot_be_asked(manager: Standing, carrier: CarrierKind) -> None:
    def kind(access: Access) -> FailureKind | None:
        answer = GatewayDriver(by(carrier, access, manager)).status()
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
    # The manager's own host, which refuses at once: nothing listens there.
    assert kind(read(address=IPv4Address("127.0.0.1"))) is FailureKind.UNREACHABLE
    assert kind(read(key="env:FOSA_NO_SUCH_VARIABLE")) is FailureKind.AUTHENTICATION


def test_a_device_that_is_silent_is_unreachable(manager: Standing) -> None:
    good = manager.access("gw-k")
    silent = good.model_copy(update={"read": good.read.model_copy(update={"port": 2222})})
    answer = GatewayDriver(by(CarrierKind.SSH, silent, manager)).status()
    assert isinstance(answer, Failure)
    assert answer.kind is FailureKind.UNREACHABLE


def test_stage_and_commit_share_a_connection_and_what_confirms_has_its_own(manager: Standing) -> None:
    changing = replace(manager.order("gw-b"), bundle=one_more_table(manager.bundle("gw-b")))
    assert pushed(changing, manager.driver("gw-b")) == Changed()
    assert pushed(manager.order("gw-b"), manager.driver("gw-b")) == Changed()
    limit = time.monotonic() + 30
    while f"write confirm {changing.token}: ok" not in (log := manager.console("log-k", "cat /var/log/office.log")):
        assert time.monotonic() < limit, "the log server does not hear of it"
        time.sleep(0.2)
    staged, _line, rest = log.partition(f"write stage {changing.token}: ok")[2].partition(
        f"write commit {changing.token}"
    )
    confirmed = rest.partition(f"write confirm {changing.token}")[0]
    logins = ["gw-b sshd", "Accepted publickey for fosa-write"]
    assert [_lines_with(text, logins) for text in (staged, confirmed)] == [0, 1]


def _lines_with(text: str, words: list[str]) -> int:
    return sum(all(word in line for word in words) for line in text.splitlines())
