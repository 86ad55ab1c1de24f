"""Keys of real gateways: made there, taken into use as a change, taken back, revoked."""

import datetime as dt
import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography import x509

from api.keys.authority import Authority
from api.keys.looking import OWN
from lab.pki import Authority as LabAuthority
from playbooks.act import Actor, Direct
from playbooks.change import change
from playbooks.drivers.base import Armed, Driver, Failure, FailureKind, Reverted, Staged, Status
from playbooks.drivers.keys import KeyHolder, open_keys
from playbooks.order import Changed
from templates.render import Rendered, RenderedFile
from tests.playbooks.pinging import pinging
from tests.playbooks.standing import Standing, differences, running, wait_for

pytestmark = [pytest.mark.lab, pytest.mark.timeout(180)]

KEYS = "sha256sum /etc/swanctl/private/gateway.pem /etc/swanctl/x509/gateway.pem"
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def authority(manager: Standing) -> Authority:
    """The practice office's own."""
    secrets = manager.folder / "secrets"
    return Authority.adopt((secrets / "office-ca.pem").read_text(), (secrets / "office-ca.key").read_text(), "")


def holder(manager: Standing, device: str) -> KeyHolder:
    found = open_keys(manager.office, manager.office.device(device), manager.secrets)
    assert not isinstance(found, Failure)
    return found


def certified(manager: Standing, authority: Authority, device: str, name: str) -> str:
    """A certificate for a key that the gateway has made."""
    asked = holder(manager, device).request(name)
    assert isinstance(asked, str), asked
    return authority.issue(asked, [f"{device}.mops.example"], NOW)


def with_certificate(bundle: Rendered, text: str) -> Rendered:
    return replace(bundle, files=(*bundle.files, RenderedFile(OWN, 0o644, text)))


def serial(text: str) -> int:
    return x509.load_pem_x509_certificate(text.encode()).serial_number


def up(driver: Driver, tunnel: str) -> bool:
    status = driver.status()
    return isinstance(status, Status) and tunnel in status.tunnels and status.tunnels[tunnel].up


def test_a_key_is_made_on_the_gateway_and_stays_there(manager: Standing, authority: Authority) -> None:
    first = certified(manager, authority, "gw-c", "onthegateway1")
    again = certified(manager, authority, "gw-c", "onthegateway1")
    assert (
        x509.load_pem_x509_certificate(first.encode()).public_key()
        == x509.load_pem_x509_certificate(again.encode()).public_key()
    )
    found = holder(manager, "gw-c").certificates()
    assert not isinstance(found, Failure)
    assert "PRIVATE" not in "".join(found.values()) + "".join(running(manager.driver("gw-c")).values())
    assert manager.console("gw-c", "stat -c '%a %U' /var/lib/fosa/keys/onthegateway1/key.pem") == "600 root\n"


def test_both_ends_of_a_tunnel_get_new_keys_while_it_is_used(
    manager: Standing, authority: Authority, capsys: pytest.CaptureFixture[str]
) -> None:
    waves = []
    for device in ("gw-b", "gw-k"):
        text = certified(manager, authority, device, "rotation0001")
        order = manager.order(device)
        waves.append([replace(order, bundle=with_certificate(manager.bundle(device), text))])
    before = {device: manager.console(device, KEYS) for device in ("gw-b", "gw-k")}
    drivers = {device: manager.driver(device) for device in ("gw-b", "gw-k")}
    far = manager.office.device("gw-b").address
    assert far is not None
    with pinging(far) as echoes:
        outcomes = change(waves, Direct(Actor(drivers)))
        assert echoes.come_again()
    assert set(outcomes.values()) == {Changed()}, outcomes
    with capsys.disabled():
        print(f"\nrotation of k-b: {echoes.lost} of {echoes.sent} echoes lost, one every 10 ms")  # noqa: T201
    for device, keys in before.items():
        assert len(set(manager.console(device, KEYS).split()) & set(keys.split()[::2])) == 0
        found = holder(manager, device).certificates()
        assert not isinstance(found, Failure)
        assert f"{serial(found[OWN]):x}" in manager.console(device, "swanctl --list-certs").replace(":", "")
    # A push that says nothing of certificates leaves them alone.
    assert running(manager.driver("gw-b"))[f"file {OWN}"]


def test_what_is_taken_back_uses_the_old_key_again(manager: Standing, authority: Authority) -> None:
    driver, text = manager.driver("gw-c"), certified(manager, authority, "gw-c", "takenback0001")
    before, keys = running(driver), manager.console("gw-c", KEYS)
    assert isinstance(driver.stage("takenback1", with_certificate(manager.bundle("gw-c"), text)), Staged)
    assert isinstance(driver.commit("takenback1", 60), Armed)
    assert manager.console("gw-c", KEYS) != keys
    wait_until(lambda: up(driver, "k-c"))
    assert driver.revert("takenback1") == Reverted()
    wait_for(driver, 20)
    assert differences(driver, before) == []
    assert manager.console("gw-c", KEYS) == keys
    wait_until(lambda: up(driver, "k-c"))


def test_a_certificate_that_cuts_the_tunnel_comes_back_by_itself(manager: Standing, authority: Authority) -> None:
    driver = manager.driver("gw-c")
    asked = holder(manager, "gw-c").request("wrongname0001")
    assert isinstance(asked, str)
    text = authority.issue(asked, ["somebody.mops.example"], NOW)
    before = running(driver)
    assert isinstance(driver.stage("wrongname1", with_certificate(manager.bundle("gw-c"), text)), Staged)
    assert isinstance(driver.commit("wrongname1", 5), Armed)
    wait_for(driver, 60)
    assert differences(driver, before) == []


def test_a_certificate_without_its_key_or_of_another_authority_is_refused(
    manager: Standing, authority: Authority
) -> None:
    driver = manager.driver("gw-c")
    other = LabAuthority("Other", NOW).issue("gw-c.mops.example").certificate
    elsewhere = certified(manager, authority, "gw-b", "elsewhere001")
    for text in (other, elsewhere, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "nonsense\n"):
        staged = driver.stage("refused01", with_certificate(manager.bundle("gw-c"), text))
        assert isinstance(staged, Failure), text
        assert (staged.kind, staged.where) == (FailureKind.INVALID, OWN)


def test_only_a_newer_list_of_the_own_authority_is_taken(manager: Standing, authority: Authority) -> None:
    keys, number = holder(manager, "gw-c"), int(NOW.timestamp())
    day = NOW.date()
    assert keys.revoke(authority.revocations({5: NOW}, number, day)) == number
    assert keys.revoke(authority.revocations({5: NOW}, number, day)) == number
    cases = {
        authority.revocations({}, number - 1, day): FailureKind.MOVED,
        LabAuthority("Practice office", NOW).revocations(number + 1): FailureKind.INVALID,
        authority.revocations({}, number + 1, day - dt.timedelta(days=400)): FailureKind.INVALID,
        "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n": FailureKind.INVALID,
        "nonsense": FailureKind.INVALID,
    }
    for text, kind in cases.items():
        answer = keys.revoke(text)
        assert isinstance(answer, Failure), text
        assert answer.kind is kind
    assert "serial" in manager.console("gw-c", "swanctl --list-certs --type x509_crl")


def test_who_is_revoked_loses_a_tunnel_that_stands_and_gets_no_other(manager: Standing, authority: Authority) -> None:
    hub, far = holder(manager, "gw-k"), manager.driver("gw-k")
    wait_until(lambda: up(far, "k-c"))
    own = holder(manager, "gw-c").certificates()
    assert not isinstance(own, Failure)
    number = int(NOW.timestamp()) + 100
    assert hub.revoke(authority.revocations({serial(own[OWN]): NOW}, number, NOW.date())) == number
    assert up(far, "k-c")
    assert hub.reauthenticate("k-c") is False
    wait_until(lambda: "was revoked" in manager.console("gw-k", "tail -n 300 /var/log/charon.log"))
    assert not up(far, "k-c")
    back_at_the_console(manager, authority)
    wait_until(lambda: up(far, "k-c"))


def back_at_the_console(manager: Standing, authority: Authority) -> None:
    """Who is cut off gets a new certificate where he is."""
    said = manager.console("gw-c", "/usr/local/lib/fosa/gate write 'newkey atconsole01' 2>/dev/null")

    text = authority.issue(json.loads(said)["request"], ["gw-c.mops.example"], NOW)
    script = (
        f"cat >{OWN} <<'END'\n{text}END\n"
        "cp /var/lib/fosa/keys/atconsole01/key.pem /etc/swanctl/private/gateway.pem; swanctl --load-all --noprompt"
    )
    manager.console("gw-c", script)


def wait_until(condition: Callable[[], bool], seconds: float = 30.0) -> None:

    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.2)
