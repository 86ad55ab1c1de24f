"""What a gate says is believed only when it is understood."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from yaml import safe_load

from inventory.load import load
from inventory.model import Access, Login
from inventory.secrets import SecretStore
from playbooks import reach
from playbooks.byhand import Hand, write_by_hand
from playbooks.drivers import CarrierKind, open_driver
from playbooks.drivers.base import (
    Armed,
    Bundle,
    Confirmed,
    Failure,
    FailureKind,
    Fetched,
    Guard,
    LogTarget,
    Staged,
    Status,
    TimeSource,
)
from playbooks.drivers.bundle import opened, sealed
from playbooks.drivers.gateway import GatewayDriver, Question
from playbooks.drivers.memory import MemoryDriver
from playbooks.drivers.pinned import host_variables, known_hosts
from templates.linux_gateway import gate

KEY = "ssh-ed25519 " + "A" * 68
LOGIN = Login.model_validate({"address": "192.0.2.1", "user": "fosa-read", "key": "file:secrets/key", "host_key": KEY})


@dataclass(frozen=True, slots=True)
class Echo:
    """A carrier that brings one answer."""

    answer: str | Failure

    def ask(self, question: Question) -> str | Failure:
        assert question.verb
        return self.answer


def says(answer: object) -> GatewayDriver:
    return GatewayDriver(Echo(json.dumps(answer)))


def test_understands_the_gate(new: Bundle) -> None:
    packets = {"in": 7, "out": True}
    tunnels = {"k-b": {"state": "ESTABLISHED", "children": {"k-b": "INSTALLED"}, "packets": packets}}
    assert says({"ok": True, "sections": {"a": "b\n"}}).fetch() == Fetched({"a": "b\n"})
    assert says({"ok": True, "deadline": 1.5, "guard": "device"}).commit("abcdefgh", 30) == Armed(1.5, Guard.DEVICE)
    assert says({"ok": True, "state": "confirmed"}).confirm("abcdefgh") == Confirmed()
    staged = says({"ok": True, "sections": {}, "running": {"a": ""}, "tunnels": tunnels}).stage("abcdefgh", new)
    assert isinstance(staged, Staged)
    assert staged.tunnels["k-b"].up
    status = says({"ok": True, "tunnels": tunnels, "units": {"ssh": "active"}, "armed": ""}).status()
    assert isinstance(status, Status)
    assert status.tunnels["k-b"].up
    assert (status.tunnels["k-b"].received, status.tunnels["k-b"].sent) == (7, None)
    # A gate from before it told.
    assert (status.time, status.log, status.deadline, status.done) == (None, None, None, {})
    told = {
        "ok": True,
        "tunnels": {},
        "units": {},
        "armed": "abcdefgh",
        "deadline": 1.5,
        "done": {"older123": "reverted"},
    }
    assert says(told).status() == Status({}, {}, "abcdefgh", deadline=1.5, done={"older123": "reverted"})


def test_understands_what_a_gateway_needs_from_elsewhere() -> None:
    told = {"ok": True, "tunnels": {}, "units": {}, "armed": ""}
    time = {"source": "192.0.2.123", "reachable": True, "selected": True, "offset_s": 0}
    log = {"server": "10.64.1.20", "port": 6514, "established": None}
    status = says({**told, "time": [time], "log": [log]}).status()
    assert isinstance(status, Status)
    assert status.time == (TimeSource("192.0.2.123", reachable=True, selected=True, offset_s=0.0),)
    assert status.log == (LogTarget("10.64.1.20", 6514, established=None),)
    nothing = says({**told, "time": None, "log": []}).status()
    assert nothing == Status({}, {}, "", None, ())
    wrongs: tuple[dict[str, object], ...] = (
        {"time": {}},
        {"time": [1]},
        {"time": [{**time, "reachable": "yes"}]},
        {"time": [{**time, "offset_s": "0"}]},
        {"time": [{**time, "offset_s": float("nan")}]},
        {"time": [{**time, "offset_s": 10**400}]},
        {"log": [{**log, "port": "6514"}]},
        {"log": [{**log, "port": True}]},
        {"log": [{**log, "established": "yes"}]},
    )
    for wrong in wrongs:
        answer = says({**told, **wrong}).status()
        assert isinstance(answer, Failure), wrong
        assert answer.kind is FailureKind.PROTOCOL


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Last login: yesterday",
        "[]",
        "[" * 100_000,
        "{}",
        '{"ok": 1, "sections": {}}',
        '{"ok": true}',
        '{"ok": true, "sections": {"a": 1}}',
        '{"ok": true, "deadline": "soon", "guard": "device"}',
        '{"ok": true, "deadline": 1, "guard": "nobody"}',
        '{"ok": false, "code": "no such code"}',
    ],
)
def test_does_not_guess_at_what_it_does_not_understand(answer: str, new: Bundle) -> None:
    driver = GatewayDriver(Echo(answer))
    answers = (
        driver.fetch(),
        driver.normal(new),
        driver.status(),
        driver.stage("abcdefgh", new),
        driver.commit("abcdefgh", 30),
    )
    assert {each.kind for each in answers if isinstance(each, Failure)} == {FailureKind.PROTOCOL}
    assert len([each for each in answers if isinstance(each, Failure)]) == 5


@given(st.text())
def test_survives_any_answer(answer: str) -> None:
    assert isinstance(GatewayDriver(Echo(answer)).fetch(), Failure)


def test_knows_every_refusal_of_the_gate() -> None:
    source = "".join(path.read_text() for path in Path(gate.__file__).parent.glob("*.py"))
    codes = ["refused", "busy", "invalid", "no_space", "moved", "expired", "unknown_token", "internal"]
    for code in codes:
        assert f'"{code}"' in source
        failure = says({"ok": False, "code": code, "text": "why", "where": "/etc/x"}).fetch()
        assert isinstance(failure, Failure)
        assert failure.kind is not FailureKind.PROTOCOL
        assert str(failure) == "/etc/x: why"


def test_a_device_cannot_steer_the_terminal() -> None:
    failure = says({"ok": False, "code": "invalid", "text": "\x1b[2J\x07bad\r", "where": "\x9b31m"}).fetch()
    assert "\x1b" not in str(failure)
    assert "\x9b" not in str(failure)
    fetched = says({"ok": True, "sections": {"a\x1b": "x\ty\x1b]0;\n"}}).fetch()
    assert fetched == Fetched({"a�": "x\ty�]0;\n"})


def test_a_carrier_that_fails_is_the_answer() -> None:
    failure = Failure(FailureKind.UNREACHABLE, "silence")
    assert GatewayDriver(Echo(failure)).fetch() is failure


def test_says_when_the_inventory_does_not_know_the_way(tmp_path: Path) -> None:
    office = load(Path("inventory/examples/pila")).require().model_copy(update={"access": ()})
    answer = open_driver(office, office.device("gw-b"), SecretStore(tmp_path), CarrierKind.SSH, tmp_path).fetch()
    assert isinstance(answer, Failure)
    assert answer.kind is FailureKind.UNREACHABLE
    assert "gw-b" in str(answer.text)


def test_a_sealed_bundle_holds_no_secret_and_an_opened_one_does(new: Bundle) -> None:
    class One:
        path, mode, text = "/etc/snmp/snmpd.conf", 0o600, 'createUser mon SHA-256 "@secret{env:SNMP}@"\n'

    class All:
        files = (One(),)

    text = sealed(All())
    assert "planted-secret" not in text
    assert b"planted-secret" in opened(text, lambda _ref: SecretStr("planted-secret"))
    assert json.loads(opened(text, lambda _ref: SecretStr("planted-secret")))["files"][0]["mode"] == 0o600


def test_pins_the_host_key_for_ansible(tmp_path: Path) -> None:
    variables = host_variables(LOGIN, Path("/tmp/with space/50%/known"), Path("/keys/one"))
    assert variables["ansible_host_key_checking"] is True
    assert variables["ansible_ssh_private_key_file"] == "/keys/one"
    common = str(variables["ansible_ssh_common_args"])
    assert "'UserKnownHostsFile=\"/tmp/with space/50%%/known\"'" in common
    assert "-F /dev/null" in common
    assert known_hosts([LOGIN, LOGIN]) == f"192.0.2.1 {KEY}\n"
    assert known_hosts([LOGIN.model_copy(update={"port": 2222})]) == f"[192.0.2.1]:2222 {KEY}\n"


def test_writes_what_a_person_needs(tmp_path: Path, new: Bundle) -> None:
    access = Access(device="gw-b", read=LOGIN, write=LOGIN)
    unpinned = Access(device="gw-c", read=LOGIN, write=LOGIN.model_copy(update={"host_key": None}))
    written = write_by_hand(tmp_path / "out", tmp_path, [Hand(access, new, ("k-b",)), Hand(unpinned, new)])
    assert [path.relative_to(tmp_path / "out").as_posix() for path in written] == [
        "hosts.yml",
        "known_hosts",
        "bundles/gw-b.json",
    ]
    hosts = safe_load(written[0].read_text())["gateways"]["hosts"]
    assert list(hosts) == ["gw-b"]
    assert hosts["gw-b"]["ansible_ssh_private_key_file"] == str(tmp_path / "secrets/key")
    assert hosts["gw-b"]["fosa_tunnels"] == ["k-b"]


def test_asks_many_devices_and_fails_one_by_one(new: Bundle) -> None:
    good = MemoryDriver({"a": "b\n"})
    bad = MemoryDriver(reachable=lambda _sections: False)
    found = reach.fetch({"gw-k": good, "gw-b": bad})
    assert isinstance(found["gw-b"], Failure)
    assert found["gw-k"] == Fetched({"a": "b\n"})
    compared = reach.compare((reach.Target("gw-k", good, new), reach.Target("gw-b", bad, new)))
    assert isinstance(compared["gw-k"], reach.Compared)
    assert isinstance(compared["gw-b"], Failure)
    assert reach.compare(()) == {}
