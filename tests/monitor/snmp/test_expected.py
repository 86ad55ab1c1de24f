"""Which devices are polled, and how: from the inventory alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from inventory.load import load
from inventory.model import Office, SnmpAuthentication, SnmpPrivacy, SnmpVersion
from monitor.results import State
from monitor.snmp.ageing import still
from monitor.snmp.expected import ExpectedPoll, expected_polls, poll_secrets, unpolled
from monitor.snmp.model import Figures
from templates.render import render
from tests.inventory.offices import TODAY, broken, office_in

PILA = Path(__file__).parents[3] / "inventory" / "examples" / "pila"
_SWITCH = "address: 10.8.16.2, ports: [{name: p1}]"
_FLOW = "flows:\n"
_ADMIN = (
    'flows:\n  - {name: see, from: ["device:adm"], to: ["zone:mgmt@b"], services: [snmp], owner: ASI, purpose: See}\n'
)


@pytest.fixture(scope="module")
def pila() -> Office:
    return load(PILA).require()


def polls(office: Office) -> dict[str, ExpectedPoll]:
    return {poll.device: poll for poll in expected_polls(office)}


def test_every_addressed_device_of_the_practice_office_is_polled(pila: Office) -> None:
    found = polls(pila)
    kinds = [pila.device(name).kind for name in found]
    assert {kind: kinds.count(kind) for kind in kinds} == {"firewall": 4, "switch": 10, "printer": 39, "ups": 1}
    assert [poll.device for poll in found.values() if poll.hindrance is not None] == []
    assert poll_secrets(pila) == {"file:secrets/snmp-auth", "file:secrets/snmp-priv"}


def test_printers_are_asked_gently(pila: Office) -> None:
    printer, switch = polls(pila)["prn-b-01"].manner, polls(pila)["sw-b-1"].manner
    assert (printer.period_s, switch.period_s) == (300.0, 60.0)
    assert printer.repetitions < switch.repetitions
    assert printer.rate is not None


def test_who_stands_behind_a_tunnel_is_known(pila: Office) -> None:
    through = {name: poll.through for name, poll in polls(pila).items()}
    assert (through["sw-b-1"], through["prn-c-01"], through["gw-b"]) == ("k-b", "k-c", "k-b")
    assert (through["sw-k-1"], through["gw-k"]) == (None, None)


def test_a_device_is_asked_with_what_fosa_writes_on_it(pila: Office) -> None:
    """Held against the rendered texts: each platform has its own word for the same algorithm."""
    written = {SnmpAuthentication.SHA1: "auth sha ", SnmpAuthentication.SHA256: "sha256"}
    for device in pila.managed:
        credential = polls(pila)[device.name].credential
        text = "\n".join(file.text for file in render(pila, device, TODAY).files)
        lines = [line.lower().replace("sha-256", "sha256") for line in text.splitlines() if "snmp-auth" in line]
        assert len(lines) == 1
        assert written[credential.authentication] in lines[0]
        assert "aes" in text.lower()
        assert credential.privacy is SnmpPrivacy.AES128


def test_a_device_nobody_lets_the_manager_reach_is_unknown_with_the_cause(tmp_path: Path) -> None:
    poll = polls(office_in(tmp_path).require())["sw"]
    assert str(poll.hindrance) == "no flow of the inventory lets adm ask sw by SNMP (udp/161)"


def test_a_flow_lets_the_manager_reach_it(tmp_path: Path) -> None:
    text = broken(_FLOW, _ADMIN).replace("services:\n  -", "services:\n  - {name: snmp, ports: [udp/161]}\n  -", 1)
    assert polls(office_in(tmp_path, text).require())["sw"].hindrance is None


def test_who_stands_in_the_managers_own_network_needs_no_flow(tmp_path: Path) -> None:
    text = broken("building: b, zone: mgmt, address: 10.8.16.2", "building: k, zone: mgmt, address: 10.8.0.2")
    assert polls(office_in(tmp_path, text).require())["sw"].hindrance is None


@pytest.mark.parametrize(
    ("own", "polled"),
    [
        ("version: off", False),
        ("version: v3", True),
        ('version: v2c, community: "file:c"', True),
    ],
)
def test_a_device_may_have_a_way_of_its_own(tmp_path: Path, own: str, polled: bool) -> None:
    office = office_in(tmp_path, broken(_SWITCH, f"{_SWITCH}, snmp: {{{own}}}")).require()
    found = polls(office)
    assert ("sw" in found) is polled
    if "v2c" in own:
        assert found["sw"].credential.version is SnmpVersion.V2C
        assert found["sw"].credential.secrets == ("file:c",)


def test_a_server_is_polled_only_where_the_inventory_says_how(tmp_path: Path) -> None:
    assert "app" not in polls(office_in(tmp_path).require())
    (tmp_path / "again").mkdir()
    text = broken("address: 10.8.1.30}", "address: 10.8.1.30, snmp: {user: reader, port: 1161}}")
    poll = polls(office_in(tmp_path / "again", text).require())["app"]
    assert (poll.credential.user, poll.port, poll.credential.auth) == ("reader", 1161, "file:snmp-auth")
    assert poll.hindrance is not None
    assert "udp/1161" in str(poll.hindrance)


def test_what_is_not_asked_yet_is_unknown(pila: Office) -> None:
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    polled = unpolled(polls(pila)["sw-b-1"], at)
    assert (polled.state, str(polled.cause), polled.at) == (State.UNKNOWN, "not asked yet", None)
    assert still(polled, at + dt.timedelta(days=1)) == polled


def test_a_poll_that_nobody_renews_is_unknown(pila: Office) -> None:
    at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    polled = unpolled(polls(pila)["sw-b-1"], at).model_copy(
        update={"state": State.UP, "at": at, "figures": Figures(name="sw-b-1")}
    )
    assert still(polled, at + dt.timedelta(seconds=polled.fresh_s)) == polled
    for stale in (still(polled, at + dt.timedelta(seconds=polled.fresh_s + 1)), still(polled, at, polled.fresh_s + 1)):
        assert (stale.state, stale.figures, stale.problems) == (State.UNKNOWN, None, ())
        assert str(stale.cause) == "the last answer is too old"
